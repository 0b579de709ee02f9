import type { Entry, Surface } from './entry.ts';
import { hex, INVALID, META, modern, refused, UNPARSABLE } from './wording.ts';

const EVERYWHERE: readonly Surface[] = ['memory', 'stdio', 'http-modern', 'http-legacy', 'sse', 'ws'];

/** Frames of a channel in memory are texts already. */
const IN_BYTES: readonly Surface[] = ['stdio', 'http-modern', 'http-legacy', 'sse', 'ws'];

const PING = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

/** Bytes and JSON: what is not the text of one value, or a value that no message can be. */
export const layerA: readonly Entry[] = [
  unparsable('A007', 'a comment behind the message', `${PING} // c`),
  unparsable('A008', 'two messages glued together', `${PING}{"jsonrpc":"2.0","id":2,"method":"ping"}`),
  unparsable('A009', 'NaN for an id', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'),
  unparsable('A010', 'a hexadecimal id', '{"jsonrpc":"2.0","id":0x10,"method":"ping"}'),
  unparsable('A011', 'an id with a leading zero', '{"jsonrpc":"2.0","id":01,"method":"ping"}'),
  unparsable('A012', 'Infinity for an id', '{"jsonrpc":"2.0","id":Infinity,"method":"ping"}'),
  {
    id: 'A016',
    about: 'half a surrogate pair encoded as UTF-8',
    on: IN_BYTES,
    input: { bytes: hex('7b226964223a22eda080227d') },
    expect: { reply: UNPARSABLE, status: 400, note: 'a WebSocket closes with 1007' },
  },
  {
    id: 'A018',
    about: 'a byte order mark before the message',
    on: IN_BYTES,
    input: {
      bytes: hex('efbbbf7b226a736f6e727063223a22322e30222c226964223a312c226d6574686f64223a2270696e67227d'),
    },
    expect: {
      reply: {
        dual: { result: {}, id: 1 },
        modern: refused(-32602),
        legacy: UNPARSABLE,
        'legacy-unopened': { result: {}, id: 1 },
      },
      note: 'it is dropped at the very beginning of a stream or body, and no JSON anywhere else',
    },
  },
  {
    id: 'A019',
    about: 'UTF-16',
    on: IN_BYTES,
    input: { make: () => utf16(PING) },
    expect: { reply: UNPARSABLE, status: 400 },
  },
  {
    id: 'A021',
    about: 'an escaped half of a surrogate pair for an id',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}' },
    expect: {
      reply: {
        dual: { result: {}, id: '\ud800' },
        modern: { error: -32602, id: '\ud800' },
        legacy: { result: {}, id: '\ud800' },
      },
      note: 'the id comes back unchanged',
    },
  },
  {
    id: 'A023',
    about: 'an id twice',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list","params":{${META}}}` },
    expect: { reply: INVALID, status: 400 },
  },
  {
    id: 'A024',
    about: 'a member in another case',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":1,"Method":"tools/call","params":{${META}}}` },
    expect: { reply: refused(-32600), status: 400 },
  },
  {
    id: 'A026',
    about: 'a member whose name is written with an escape',
    on: EVERYWHERE,
    input: { text: `{"jsonrpc":"2.0","id":1,"m\\u0065thod":"tools/list","params":{${META}}}` },
    expect: { reply: { result: {}, id: 1 }, status: 200, note: 'it is the same member' },
  },
  {
    id: 'A027',
    about: '200,000 arrays inside each other',
    on: EVERYWHERE,
    input: { make: () => '['.repeat(200_000) + ']'.repeat(200_000) },
    expect: { reply: INVALID, status: 400 },
  },
  {
    id: 'A030',
    about: '1.3 million empty objects in less than 4 MiB',
    on: EVERYWHERE,
    input: {
      make: () => modern('tools/call', `"name":"echo","arguments":{"m":[${'{},'.repeat(1_300_000)}{}]}`),
    },
    expect: { reply: refused(-32602), status: 400, bounds: { heapMiB: 32 } },
  },
  {
    id: 'A033',
    about: 'a number for an id that is too large for a number',
    on: EVERYWHERE,
    input: { text: '{"jsonrpc":"2.0","id":1e400,"method":"ping"}' },
    expect: { reply: INVALID, status: 400 },
  },
  {
    id: 'A034',
    about: 'a member called __proto__',
    on: EVERYWHERE,
    input: {
      text: `{"__proto__":{"polluted":true},"jsonrpc":"2.0","id":1,"method":"tools/list","params":{${META}}}`,
    },
    expect: { reply: { result: {}, id: 1 }, note: 'it is ignored, and no object inherits from it' },
  },
  invalid('A036', 'a text', '"just a string"'),
  invalid('A037', 'a number', '42'),
  invalid('A039', 'true', 'true'),
  invalid('A040', 'an empty object', '{}'),
];

function unparsable(id: string, about: string, text: string): Entry {
  return { id, about, on: EVERYWHERE, input: { text }, expect: { reply: UNPARSABLE, status: 400 } };
}

function invalid(id: string, about: string, text: string): Entry {
  return { id, about, on: EVERYWHERE, input: { text }, expect: { reply: INVALID, status: 400 } };
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const units = Uint16Array.from(text, (character) => character.charCodeAt(0));
  return new Uint8Array(units.buffer);
}
