import type { Entry, Expectation, Rejection, Surface } from './entry.ts';

const HTTP: readonly Surface[] = ['http-client'];

const LOST: Rejection = { family: 'TransportError', code: 'stream-ended' };
const TOO_LARGE: Rejection = { family: 'TransportError', code: 'too-large' };
const UNREADABLE: Rejection = { family: 'ProtocolError', code: 'unexpected-shape' };
const BLOCKED: Rejection = { family: 'TransportError', code: 'redirect-blocked' };

/** HTTP clients: answers that break off, are no answers, lead elsewhere, never end; the grammar of event streams. */
export const layerF: readonly Entry[] = [
  scene(
    'F002',
    'a stream that breaks within an event',
    'the connection is destroyed in the middle of an event',
    {
      rejects: LOST,
    },
  ),
  scene('F003', 'a body that breaks off', 'a JSON body shorter than its Content-Length', { rejects: LOST }),
  {
    id: 'F004',
    about: 'a body that is no JSON',
    on: HTTP,
    input: { answer: '{nope' },
    expect: { rejects: UNREADABLE },
  },
  scene('F006', 'no answer to a request', '202 or 204 for a request', {
    rejects: { family: 'TransportError', code: 'stream-ended' },
    note: 'nothing can come any more',
  }),
  scene('F007', 'an error with a status', '500 with a JSON-RPC error for a body', {
    rejects: { family: 'RemoteError', code: -32603 },
    note: 'code and text are those of the body',
  }),
  scene(
    'F009',
    'a redirect to somebody else',
    '307 to another origin, from https to http, to a file, to a socket, with a user',
    {
      rejects: BLOCKED,
      note: 'neither head nor body reaches the other',
    },
  ),
  scene('F010', 'a redirect that would change the request', '301, 302 and 303 to the same origin', {
    rejects: BLOCKED,
  }),
  scene('F012', 'an event without an end', '300 MB of data, no newline', { rejects: TOO_LARGE }),
  scene('F014', 'a compressed answer that never ends', '10 MB of gzip or Brotli that unpack to 10 GB', {
    rejects: TOO_LARGE,
    note: 'what counts is the unpacked size',
  }),
  events('F015', 'lines that end with CR', 'data: {"jsonrpc":"2.0","id":1,"result":{}}\r\r', {
    note: 'the call is answered',
  }),
  events(
    'F017',
    'comments, a retry, and data in two lines',
    ': comment\n:\nevent: message\nid: 1\nretry: 10\ndata: {"jsonrpc":"2.0",\ndata: "id":1,"result":{}}\n\n',
    { note: 'the call is answered; the wait for a retry is bounded both ways' },
  ),
  events('F018', 'an event id with a NUL', 'id: a\0b\ndata: {}\n\n', { note: 'that id is ignored' }),
  events('F019', 'waits that are none', 'retry: -5\nretry: 99999999999999\nretry: abc\n\n', {
    note: 'what is no number of digits is ignored, what is too long is shortened',
  }),
  {
    id: 'F021',
    about: 'an endpoint of somebody else',
    on: ['sse-client'],
    input: { answer: 'event: endpoint\ndata: //evil.example/messages\n\n' },
    expect: { rejects: { family: 'TransportError', code: 'refused' } },
  },
  events('F022', 'an event that is no JSON', 'data: {bad\n\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n', {
    reports: 'malformed',
    note: 'the stream lives and the call is answered',
  }),
  scene('F023', 'an event without its end', 'the stream ends behind the data, without an empty line', {
    rejects: LOST,
    note: 'the event is dropped',
  }),
  scene('F024', 'a stream in single bytes', 'every byte of a stream with emoji in a segment of its own', {
    note: 'the call is answered',
  }),
  scene('F025', 'events that were had before', 'a resumed stream begins with the events 1 to 5 again', {
    note: 'each is delivered once',
  }),
  scene('F027', 'a session id that is none', 'Mcp-Session-Id with CRLF, of 10 kB, and another one later', {
    reports: 'not-allowed',
    note: 'only the answer to initialize names the session',
  }),
  scene('F028', 'an argument that is no header', 'CR, LF and NUL in an argument that the head repeats', {
    note: 'it is written in Base64',
  }),
  scene(
    'F030',
    'a server that is not who it says',
    'a certificate that is expired, of its own making, of another host; TLS 1.0',
    {
      rejects: { family: 'TransportError', code: 'tls' },
      note: 'it is neither tried again and again nor without TLS',
    },
  ),
];

function scene(id: string, about: string, scenario: string, expect: Expectation): Entry {
  return { id, about, on: HTTP, input: { scenario }, expect };
}

function events(id: string, about: string, answer: string, expect: Expectation): Entry {
  return { id, about, on: HTTP, input: { answer }, expect };
}
