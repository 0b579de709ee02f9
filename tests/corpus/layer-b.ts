import type { Entry, Surface } from './entry.ts';
import { answered, INVALID, META, modern, refused } from './wording.ts';

const EVERYWHERE: readonly Surface[] = ['memory', 'stdio', 'http-modern', 'http-legacy', 'sse', 'ws'];
const CLIENT: readonly Surface[] = ['client'];

const ECHO = `"method":"tools/call","params":{"name":"echo","arguments":{},${META}}`;

/** JSON-RPC: values that are no message, ids that are none, messages in the wrong place. */
export const layerB: readonly Entry[] = [
  invalid('B001', 'a batch of nothing', '[]'),
  invalid(
    'B002',
    'a batch where no revision with batches was agreed on',
    `[{"jsonrpc":"2.0","id":1,${ECHO}},{"jsonrpc":"2.0","id":2,${ECHO}}]`,
  ),
  {
    id: 'B005',
    about: 'initialize in a batch',
    on: ['memory', 'stdio', 'http-legacy'],
    input: {
      text: '[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{},"clientInfo":{"name":"x","version":"1"}}},{"jsonrpc":"2.0","id":2,"method":"tools/list"}]',
    },
    expect: { reply: INVALID, status: 400, note: 'no session comes of it' },
  },
  {
    id: 'B006',
    about: 'an id twice in a batch',
    on: ['memory', 'stdio', 'http-legacy'],
    input: {
      text: '[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":7,"method":"tools/list"}]',
    },
    expect: { reply: INVALID, status: 400 },
  },
  {
    id: 'B007',
    about: 'no jsonrpc member',
    on: EVERYWHERE,
    input: { text: '{"id":5,"method":"tools/list"}' },
    expect: { reply: { error: -32600, id: 5 }, status: 400 },
  },
  invalid('B011', 'null for an id', '{"jsonrpc":"2.0","id":null,"method":"tools/list"}'),
  invalid('B013', 'true for an id', '{"jsonrpc":"2.0","id":true,"method":"tools/list"}'),
  invalid('B014', 'an object for an id', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}'),
  invalid('B015', 'a list for an id', '{"jsonrpc":"2.0","id":[1],"method":"tools/list"}'),
  {
    ...invalid(
      'B016',
      'an id that loses digits',
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/list"}',
    ),
    expect: { reply: INVALID, status: 400, note: 'the rounded id may be that of another request' },
  },
  {
    id: 'B018',
    about: 'an id written with an exponent',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":1e2,"method":"tools/list","params":{${META}}}` },
    expect: { reply: { result: {}, id: 100 } },
  },
  {
    id: 'B020',
    about: 'the id 0',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":0,"method":"tools/list","params":{${META}}}` },
    expect: { reply: { result: {}, id: 0 } },
  },
  {
    id: 'B021',
    about: 'an id of 1 MiB',
    on: EVERYWHERE,
    input: {
      make: () =>
        `{"jsonrpc":"2.0","id":"${'a'.repeat(1_048_576)}","method":"tools/list","params":{${META}}}`,
    },
    expect: { reply: INVALID, status: 400 },
  },
  {
    id: 'B022',
    about: 'the id of a request that is still running',
    on: EVERYWHERE,
    input: { scenario: 'a call that takes long, and another with its id before it is answered' },
    expect: {
      reply: { error: -32600, id: 'd' },
      status: 400,
      note: 'the first is answered once; where each request has its lane, so is the second',
    },
  },
  {
    id: 'B023',
    about: 'a number and the same digits as a text for ids',
    on: EVERYWHERE,
    input: { scenario: 'two calls at once, with the ids 1 and "1"' },
    expect: { note: 'both are answered, each to its own id' },
  },
  {
    id: 'B024',
    about: 'neither a method nor an outcome',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":1}' },
    expect: { reply: refused(-32600), status: 400 },
  },
  {
    id: 'B026',
    about: 'an empty method',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":""}' },
    expect: { reply: refused(-32600), status: [400, 404] },
  },
  unknownMethod('B029', 'a method that objects have', 'constructor'),
  unknownMethod('B031', 'a method of those that JSON-RPC keeps to itself', 'rpc.discover'),
  {
    id: 'B036',
    about: 'params that are a text',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}' },
    expect: { reply: refused(-32600), status: 400 },
  },
  {
    id: 'B037',
    about: 'params that are null',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}' },
    expect: { reply: refused(-32600), status: 400 },
  },
  {
    id: 'B038',
    about: 'a member that a message does not have',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":1,"method":"tools/list","extra":1,"params":{${META}}}` },
    expect: { reply: answered(), note: 'it is ignored' },
  },
  {
    id: 'B039',
    about: 'a result and an error',
    on: [...EVERYWHERE, ...CLIENT],
    input: { answer: '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}' },
    expect: {
      reply: 'nothing',
      status: 400,
      rejects: { family: 'ProtocolError', code: 'unexpected-shape' },
      note: 'a defective answer is not answered; only HTTP must say something',
    },
  },
  {
    id: 'B041',
    about: 'an answer to a request that nobody made',
    on: CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":999,"result":{}}' },
    expect: { reports: 'unknown-id', note: 'as a body of its own it fails the call that it must be for' },
  },
  {
    id: 'B042',
    about: 'an error without an id',
    on: CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}' },
    expect: { reports: 'unknown-id', note: 'over HTTP it fails the call whose answer it is' },
  },
  {
    id: 'B044',
    about: 'an error that is a text',
    on: CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":1,"error":"boom"}' },
    expect: { rejects: { family: 'ProtocolError', code: 'unexpected-shape' } },
  },
  {
    id: 'B046',
    about: 'an error without a message',
    on: CLIENT,
    input: { answer: '{"jsonrpc":"2.0","id":1,"error":{"code":-32000}}' },
    expect: { rejects: { family: 'ProtocolError', code: 'unexpected-shape' } },
  },
  {
    id: 'B051',
    about: 'a notification with an id',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":3,"method":"notifications/initialized"}' },
    expect: {
      reply: {
        dual: { error: -32600, id: 3 },
        modern: { error: -32602, id: 3 },
        legacy: { error: -32601, id: 3 },
        'legacy-unopened': { error: -32600, id: 3 },
      },
      note: 'the listener of the notification hears nothing',
    },
  },
  {
    id: 'B052',
    about: 'a request without an id',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0",${ECHO}}` },
    expect: { reply: 'nothing', status: [202, 400], note: 'nothing is run' },
  },
];

function invalid(id: string, about: string, text: string): Entry {
  return { id, about, on: EVERYWHERE, input: { text }, expect: { reply: INVALID, status: 400 } };
}

function unknownMethod(id: string, about: string, method: string): Entry {
  return { id, about, on: EVERYWHERE, input: { text: modern(method) }, expect: { reply: refused(-32601) } };
}
