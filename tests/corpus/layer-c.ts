import type { Entry, Surface } from './entry.ts';
import { answered, modern, refused } from './wording.ts';

const EVERYWHERE: readonly Surface[] = ['memory', 'stdio', 'http-modern', 'http-legacy', 'sse', 'ws'];
const LEGACY: readonly Surface[] = ['memory', 'stdio', 'http-legacy', 'sse', 'ws'];
const MODERN: readonly Surface[] = ['memory', 'stdio', 'http-modern', 'ws'];
const CLIENT: readonly Surface[] = ['client'];
const MODERN_CLIENT: readonly Surface[] = ['client-modern'];

const CLIENT_INFO = '"clientInfo":{"name":"x","version":"1"}';

/** The protocol: sessions, metadata, methods and their params, and what handlers do. */
export const layerC: readonly Entry[] = [
  {
    id: 'C001',
    about: 'a request before initialize',
    on: LEGACY,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' },
    expect: {
      reply: { dual: refused(-32600), 'legacy-unopened': refused(-32600) },
      note: 'over HTTP: 400, no session',
    },
  },
  {
    id: 'C004',
    about: 'initialize with a number for a version',
    on: LEGACY,
    input: { text: initialize(`"protocolVersion":20251125,"capabilities":{},${CLIENT_INFO}`) },
    expect: {
      reply: { dual: refused(-32602), 'legacy-unopened': refused(-32602) },
      note: 'no session comes of it',
    },
  },
  {
    id: 'C005',
    about: 'initialize with a version that does not exist',
    on: LEGACY,
    input: { text: initialize(`"protocolVersion":"9999-99-99","capabilities":{},${CLIENT_INFO}`) },
    expect: {
      reply: opened({ protocolVersion: '2025-11-25' }),
      note: 'the newest legacy version is offered instead',
    },
  },
  {
    id: 'C007',
    about: 'initialize with a capability behind __proto__',
    on: LEGACY,
    input: {
      text: initialize(
        `"protocolVersion":"2025-11-25","capabilities":{"__proto__":{"sampling":{}}},${CLIENT_INFO}`,
      ),
    },
    expect: { reply: opened({}), note: 'the client is not believed to have it' },
  },
  {
    id: 'C008',
    about: 'initialize with a name of 200,000 characters',
    on: LEGACY,
    input: {
      make: () =>
        initialize(
          `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"${'n'.repeat(200_000)}","version":"1"}`,
        ),
    },
    expect: { reply: opened({}), note: 'a session does not keep it' },
  },
  {
    id: 'C009',
    about: 'no metadata',
    on: MODERN,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}' },
    expect: { reply: { modern: refused(-32602) }, status: 400 },
  },
  {
    id: 'C011',
    about: 'a version that is not spoken',
    on: MODERN,
    input: { text: toolsWith('"io.modelcontextprotocol/protocolVersion":"1900-01-01"') },
    expect: {
      reply: inModern(refused(-32022, { requested: '1900-01-01', supported: ['2026-07-28'] })),
      status: 400,
    },
  },
  {
    id: 'C012',
    about: 'a number for a version',
    on: MODERN,
    input: { text: toolsWith('"io.modelcontextprotocol/protocolVersion":20260728') },
    expect: { reply: inModern(refused(-32602)), status: 400 },
  },
  {
    id: 'C013',
    about: 'a list for metadata',
    on: MODERN,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":[]}}' },
    expect: { reply: inModern(refused(-32602)), status: 400 },
  },
  {
    id: 'C014',
    about: 'initialize',
    on: MODERN,
    input: { text: initialize(`"protocolVersion":"2025-11-25","capabilities":{},${CLIENT_INFO}`) },
    expect: {
      reply: {
        dual: answered({ protocolVersion: '2025-11-25' }),
        modern: refused(-32022, { supported: ['2026-07-28'] }),
      },
      note: 'a server that is modern only names what it speaks; over HTTP with 400 or 404',
    },
  },
  {
    id: 'C015',
    about: 'ping, which modern revisions do not have',
    on: MODERN,
    input: { text: modern('ping') },
    expect: { reply: inModern(refused(-32601)), status: 404 },
  },
  {
    id: 'C016',
    about: 'a tool that does not exist',
    on: MODERN,
    input: { text: calling('"nope"', '{}') },
    expect: { reply: inModern(refused(-32602)), status: 200 },
  },
  {
    id: 'C017',
    about: 'a number for the name of a tool',
    on: EVERYWHERE,
    input: { text: calling('5', '{}') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C018',
    about: '__proto__ for the name of a tool',
    on: EVERYWHERE,
    input: { text: calling('"__proto__"', '{}') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C019',
    about: 'a list for arguments',
    on: EVERYWHERE,
    input: { text: calling('"echo"', '[]') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C020',
    about: 'a text for arguments',
    on: EVERYWHERE,
    input: { text: calling('"echo"', '"x"') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C021',
    about: 'arguments that the schema of the tool does not allow',
    on: EVERYWHERE,
    input: { text: calling('"sum"', '{"a":"1","b":{}}') },
    expect: { reply: answered({ isError: true }), note: 'the model is told what is wrong with them' },
  },
  {
    id: 'C022',
    about: 'a text that makes the pattern of a schema take for ever',
    on: EVERYWHERE,
    input: { make: () => calling('"regex"', `{"s":"${'a'.repeat(50_000)}!"}`) },
    expect: {
      reply: refused(-32602),
      bounds: { busyMs: 100 },
      note: 'such a pattern is refused when the tool is registered, so there is no such tool',
    },
  },
  {
    id: 'C027',
    about: 'a NUL in the path of a resource',
    on: EVERYWHERE,
    input: { text: modern('resources/read', '"uri":"file:///srv/data/a%00.png"') },
    expect: {
      reply: {
        dual: refused(-32602),
        modern: refused(-32602),
        legacy: refused(-32002, { uri: 'file:///srv/data/a%00.png' }),
      },
    },
  },
  {
    id: 'C031',
    about: 'an object for a cursor',
    on: EVERYWHERE,
    input: { text: modern('tools/list', '"cursor":{"a":1}') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C032',
    about: 'a path for a cursor',
    on: EVERYWHERE,
    input: { text: modern('tools/list', '"cursor":"../../1"') },
    expect: { reply: refused(-32602), note: 'a cursor is looked up, never followed' },
  },
  {
    id: 'C033',
    about: 'a list without an end',
    on: CLIENT,
    input: { scenario: 'every page names a next one: always the same, then always another' },
    expect: {
      rejects: { family: 'ProtocolError', code: 'pagination' },
      note: 'after 64 pages, or a cursor that comes twice',
    },
  },
  {
    id: 'C035',
    about: 'the cancellation of a request that nobody made',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12345}}' },
    expect: { reply: 'nothing' },
  },
  {
    id: 'C036',
    about: 'the cancellation of initialize',
    on: LEGACY,
    input: { scenario: 'initialize, and its cancellation behind it' },
    expect: { note: 'it is ignored, and the session opens' },
  },
  {
    id: 'C037',
    about: 'the cancellation of what another client runs',
    on: ['memory', 'http-legacy', 'ws'],
    input: { scenario: 'two clients call under the same id, and one cancels' },
    expect: { note: 'the other is answered' },
  },
  {
    id: 'C038',
    about: 'progress of nothing',
    on: CLIENT,
    input: {
      answer:
        '{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"nope","progress":1}}',
    },
    expect: { note: 'the client hears it as a notification that belongs to nothing, and nobody is answered' },
  },
  {
    id: 'C039',
    about: 'progress that falls, or is no number',
    on: CLIENT,
    input: { scenario: 'progress 1, 5, 3, "NaN" and -1 for a call that waits' },
    expect: { note: 'what does not grow is dropped and extends nothing' },
  },
  {
    id: 'C040',
    about: 'progress without an end and without a result',
    on: CLIENT,
    input: { scenario: '10,000 reports a second for longer than a call may take in all' },
    expect: {
      rejects: { family: 'SessionError', code: 'timed-out' },
      note: 'few of the reports reach the caller',
    },
  },
  {
    id: 'C041',
    about: 'a result of a type that nobody knows',
    on: MODERN_CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":1,"result":{"resultType":"weird","content":[]}}' },
    expect: { rejects: { family: 'ProtocolError', code: 'unknown-result-type' } },
  },
  {
    id: 'C042',
    about: 'a result that needs input and does not say which',
    on: MODERN_CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":1,"result":{"resultType":"input_required"}}' },
    expect: { rejects: { family: 'ProtocolError', code: 'unexpected-shape' } },
  },
  {
    id: 'C043',
    about: 'a call that always needs more input',
    on: MODERN_CLIENT,
    input: { scenario: 'every answer asks for input' },
    expect: { rejects: { family: 'SessionError', code: 'too-many-rounds' }, note: 'after ten rounds' },
  },
  {
    id: 'C049',
    about: 'a tool called __proto__',
    on: CLIENT,
    input: {
      answer:
        '{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"__proto__","inputSchema":{"type":"object"}}]}}',
    },
    expect: { note: 'it is a tool like any other, and no object inherits from it' },
  },
  {
    id: 'C052',
    about: 'a request of a modern server',
    on: MODERN_CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":"srv1","method":"sampling/createMessage","params":{}}' },
    expect: { reply: 'nothing', reports: 'not-allowed' },
  },
  {
    id: 'C053',
    about: 'completion of nothing',
    on: EVERYWHERE,
    input: { text: modern('completion/complete') },
    expect: { reply: refused(-32602) },
  },
  {
    id: 'C055',
    about: 'handlers that throw what is no error, or cannot be read',
    on: EVERYWHERE,
    input: {
      scenario:
        'tools that throw null, undefined, a proxy whose traps throw, an error without a readable message',
    },
    expect: { reply: refused(-32603), note: 'the client learns nothing of it' },
  },
  {
    id: 'C056',
    about: 'handlers that return what no wire can carry, or nothing for ever',
    on: EVERYWHERE,
    input: {
      scenario:
        'tools that return a BigInt, a cycle, 5,000 levels, undefined, and a promise that never settles',
    },
    expect: { reply: refused(-32603), note: 'the last one when its time is over' },
  },
  {
    id: 'C057',
    about: 'a task of somebody else',
    on: EVERYWHERE,
    input: {
      scenario: 'tasks/get, tasks/result and tasks/cancel with the task id of another session or principal',
    },
    expect: { reply: refused(-32602), note: 'as for a task that does not exist' },
  },
];

function initialize(params: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{${params}}}`;
}

function calling(name: string, args: string): string {
  return modern('tools/call', `"name":${name},"arguments":${args}`);
}

function toolsWith(version: string): string {
  return `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{${version},"io.modelcontextprotocol/clientCapabilities":{}}}}`;
}

/** Only a server that knows metadata reads it. */
function inModern<Value>(reply: Value): { readonly dual: Value; readonly modern: Value } {
  return { dual: reply, modern: reply };
}

/** A session can be opened where none is open. */
function opened(result: object): NonNullable<Entry['expect']['reply']> {
  return { dual: answered(result), 'legacy-unopened': answered(result) };
}
