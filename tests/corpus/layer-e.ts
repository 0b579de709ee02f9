import type { Entry, Expectation, Surface } from './entry.ts';

const HTTP: readonly Surface[] = ['http-legacy', 'http-modern', 'sse'];
const MODERN: readonly Surface[] = ['http-modern'];
const LEGACY: readonly Surface[] = ['http-legacy'];

/** HTTP servers: who asks, what is in the head, how the body comes, sessions. */
export const layerE: readonly Entry[] = [
  raw('E003', 'two hosts', ['Host: localhost', 'Host: evil.example', 'Content-Length: 2'], '{}', {
    status: 400,
  }),
  raw(
    'E004',
    'a host that begins like an allowed one',
    ['Host: localhost.evil.example', 'Content-Length: 2'],
    '{}',
    {
      status: 403,
    },
  ),
  raw('E006', 'a user in the host', ['Host: user@localhost', 'Content-Length: 2'], '{}', {
    status: [400, 403],
  }),
  raw('E007', 'a port that does not exist', ['Host: localhost:99999', 'Content-Length: 2'], '{}', {
    status: [400, 403],
  }),
  scene('E010', 'no origin to speak of', HTTP, 'Origin: null, as pages from files and frames have it', {
    status: 403,
    note: 'it is a foreign one',
  }),
  scene(
    'E012',
    'origins that look like allowed ones',
    HTTP,
    'an allowed name continued, in capitals, and with a NUL',
    {
      status: 403,
      note: 'only capitals make no difference',
    },
  ),
  scene('E014', 'a media type that hides another', HTTP, 'Content-Type: text/plain; application/json', {
    status: 415,
  }),
  scene('E016', 'another charset', HTTP, 'Content-Type: application/json; charset=utf-16', {
    note: '415, or the body is read as UTF-8 whatever was declared',
  }),
  scene('E018', 'an answer that the client does not take', MODERN, 'Accept: text/html', {
    status: [406, 200],
  }),
  scene('E021', 'a body without an end', HTTP, '1 GiB in chunks, no length declared', {
    status: 413,
    closes: true,
    note: 'it is read up to the limit only, and four times that is all the memory it takes',
  }),
  raw(
    'E022',
    'a length and chunks',
    ['Host: localhost', 'Content-Type: application/json', 'Content-Length: 5', 'Transfer-Encoding: chunked'],
    '0\r\n\r\n',
    { status: 400, closes: true },
  ),
  raw(
    'E023',
    'two lengths',
    ['Host: localhost', 'Content-Type: application/json', 'Content-Length: 5', 'Content-Length: 6'],
    '{}',
    { status: 400, closes: true },
  ),
  scene('E024', 'a body that stops', HTTP, '100 bytes declared, 20 sent, and nothing more', {
    status: 408,
    closes: true,
  }),
  scene('E025', 'a head that never ends', HTTP, 'one byte of the head every five seconds', {
    status: 408,
    closes: true,
  }),
  scene('E026', 'a compressed body', HTTP, 'gzip that unpacks to 10 GiB', {
    status: 415,
    note: 'nothing is unpacked',
  }),
  scene('E027', 'a head that is too large', HTTP, '20 KiB of headers', { status: 431, closes: true }),
  mirrored('E030', 'no version in the head', 'the body has one, MCP-Protocol-Version is missing'),
  mirrored('E032', 'two versions in the head', 'MCP-Protocol-Version twice, with two values'),
  mirrored('E033', 'another method in the head', 'Mcp-Method is missing, is another, is in capitals'),
  mirrored('E035', 'a name in broken Base64', 'Mcp-Name: =?base64?!!!?='),
  scene('E036', 'a name in Base64', MODERN, 'Mcp-Name: =?base64?ZWNobw==?= for the tool echo', {
    status: 200,
    reply: { result: {}, id: 1 },
  }),
  mirrored(
    'E037',
    'a name in Base64 that is not marked as such',
    'Mcp-Name: =?BASE64?ZWNobw==?=, which is the name itself',
  ),
  mirrored(
    'E038',
    'a name in Base64 of what is no text',
    'Mcp-Name in Base64 of broken UTF-8, and in Base64 of two spellings',
  ),
  mirrored('E039', 'another argument in the head', 'Mcp-Param-Region says us-west1, the argument eu'),
  scene('E040', 'the same number in other words', MODERN, 'Mcp-Param-Count: 42.0 for the argument 42', {
    status: 200,
    reply: { result: {}, id: 1 },
  }),
  scene(
    'E042',
    'a session id that is none',
    LEGACY,
    'Mcp-Session-Id of 1 MB, with control characters, spaces, letters of other scripts',
    {
      status: [400, 404, 431],
    },
  ),
  scene('E043', 'a session that does not exist', LEGACY, 'an unknown Mcp-Session-Id', { status: 404 }),
  scene('E047', 'a session id that the client chose', LEGACY, 'initialize that carries Mcp-Session-Id', {
    status: [400, 404],
    note: 'it is never taken over',
  }),
  scene('E048', 'sessions without an end', LEGACY, '10,000 times initialize, never DELETE', {
    status: 503,
    note: 'with Retry-After once there are too many; idle ones are forgotten',
  }),
  scene(
    'E049',
    'requests that open no session',
    LEGACY,
    '10,000 requests that are not initialize, or name a wrong version',
    {
      status: 400,
      note: 'afterwards there is no session',
    },
  ),
  scene('E051', 'one stream resumed twice', LEGACY, 'two GET requests with one Last-Event-ID at once', {
    note: 'one is served, the other refused with 409; no event comes twice',
  }),
  scene('E052', 'headers of the other era', MODERN, 'Mcp-Session-Id and Last-Event-ID on a modern request', {
    status: 200,
    reply: { result: {}, id: 1 },
    note: 'they are ignored, and not repeated',
  }),
  scene(
    'E053',
    'a session of somebody else',
    ['sse'],
    'a message for the session of another principal, for ../../x, for two at once',
    {
      status: [400, 404],
    },
  ),
  scene('E055', 'a token in the address', HTTP, '?access_token=…', {
    status: 401,
    note: 'it is no credential',
  }),
  scene('E057', 'a client that leaves half-way', HTTP, 'the connection is reset within the body', {
    note: 'nothing is run, nothing is left',
  }),
  scene('E059', 'paths that look like the one', HTTP, '//mcp, /mcp/, /mcp%2f, /MCP, /mcp;x and /mcp?x', {
    note: 'only the path that was configured is served, and all layers see the same one',
  }),
];

function raw(id: string, about: string, lines: readonly string[], body: string, expect: Expectation): Entry {
  const request = ['POST /mcp HTTP/1.1', ...lines, '', body].join('\r\n');
  return { id, about, on: HTTP, input: { request }, expect };
}

function scene(
  id: string,
  about: string,
  on: readonly Surface[],
  scenario: string,
  expect: Expectation,
): Entry {
  return { id, about, on, input: { scenario }, expect };
}

/** The head of a modern request repeats its body; where it does not, the request is refused. */
function mirrored(id: string, about: string, scenario: string): Entry {
  return scene(id, about, MODERN, scenario, { status: 400, reply: { error: -32020, id: 1 } });
}
