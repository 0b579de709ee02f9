import type { JsonRpcErrorResponse } from '@trunkline/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TransportError } from '../transport-error.ts';
import { decodeFrame, oversized, type DecodeLimits } from './decode.ts';

describe('text that is no JSON is answered with -32700 and no id', () => {
  test.each([
    ['nothing', ''],
    ['words', 'hello'],
    ['a truncated message', '{"jsonrpc":"2.0","id":1,"meth'],
    ['a comment', '{"jsonrpc":"2.0","id":1,"method":"ping"} // c'],
    [
      'two messages glued together',
      '{"jsonrpc":"2.0","id":1,"method":"ping"}{"jsonrpc":"2.0","id":2,"method":"ping"}',
    ],
    ['NaN', '{"jsonrpc":"2.0","id":NaN,"method":"ping"}'],
    ['a hexadecimal number', '{"jsonrpc":"2.0","id":0x10,"method":"ping"}'],
    ['a leading zero', '{"jsonrpc":"2.0","id":01,"method":"ping"}'],
    ['Infinity', '{"jsonrpc":"2.0","id":Infinity,"method":"ping"}'],
    ['a byte order mark', '\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    ['UTF-16 read as UTF-8', Array.from('{"jsonrpc":"2.0"}').join('\u0000')],
    ['a raw newline in a string', '{"jsonrpc":"2.0","id":1,"method":"a\nb"}'],
  ])('%s', (_, text) => {
    const error = expectError(text);
    expect(error.code).toBe('malformed');
    expect(error.answer?.error.code).toBe(-32700);
    expect(error.answer).not.toHaveProperty('id');
  });
});

describe('JSON that is no message is answered with -32600', () => {
  test.each<[string, string, JsonRpcErrorResponse['id']]>([
    ['a string', '"just a string"', undefined],
    ['a number', '42', undefined],
    ['true', 'true', undefined],
    ['null', 'null', undefined],
    ['an empty object', '{}', undefined],
    ['an id twice', '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list"}', undefined],
    ['a method twice', '{"jsonrpc":"2.0","id":1,"method":"a","method":"b"}', 1],
    ['no version', '{"id":5,"method":"tools/list"}', 5],
    ['another version', '{"jsonrpc":"1.0","id":"a","method":"tools/list"}', 'a'],
    ['a null id', '{"jsonrpc":"2.0","id":null,"method":"tools/list"}', undefined],
    ['a boolean id', '{"jsonrpc":"2.0","id":true,"method":"tools/list"}', undefined],
    ['an object as id', '{"jsonrpc":"2.0","id":{},"method":"tools/list"}', undefined],
    ['an array as id', '{"jsonrpc":"2.0","id":[1],"method":"tools/list"}', undefined],
    ['a fraction as id', '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}', undefined],
    [
      'an id beyond the safe integers',
      '{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/list"}',
      undefined,
    ],
    ['an id that parsing rounds', '{"jsonrpc":"2.0","id":1.00000000000000000001,"method":"m"}', undefined],
    ['an infinite id', '{"jsonrpc":"2.0","id":1e400,"method":"ping"}', undefined],
    ['an id of 1 MiB', `{"jsonrpc":"2.0","id":"${'a'.repeat(1 << 20)}","method":"tools/list"}`, undefined],
    ['an empty method', '{"jsonrpc":"2.0","id":1,"method":""}', 1],
    ['a method that is no string', '{"jsonrpc":"2.0","id":1,"method":7}', 1],
    ['params that are a string', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":"x"}', 1],
    ['params that are null', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":null}', 1],
    ['params that are an array', '{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}', 1],
    ['a notification with params that are a number', '{"jsonrpc":"2.0","method":"m","params":1}', undefined],
  ])('%s', (_, text, id) => {
    const error = expectError(text);
    expect(error.code).toBe('malformed');
    expect(error.answer).toMatchObject({ jsonrpc: '2.0', error: { code: -32600 } });
    expect(error.answer?.id).toBe(id);
    expect(error.inReplyTo).toBeUndefined();
  });
});

test.each([
  ['a method in capitals', '{"jsonrpc":"2.0","id":1,"Method":"tools/call"}'],
  ['neither method nor outcome', '{"jsonrpc":"2.0","id":1}'],
])('what may be a request or a response is answered, and names the call: %s', (_, text) => {
  const error = expectError(text);
  expect(error).toMatchObject({
    code: 'malformed',
    answer: { id: 1, error: { code: -32600 } },
    inReplyTo: 1,
  });
});

describe('a message is itself', () => {
  test.each([
    ['a request', '{"jsonrpc":"2.0","id":1,"method":"ping"}'],
    ['a notification', '{"jsonrpc":"2.0","method":"notifications/initialized"}'],
    ['id 0', '{"jsonrpc":"2.0","id":0,"method":"tools/list"}'],
    ['an empty id', '{"jsonrpc":"2.0","id":"","method":"tools/list"}'],
    ['id 1e2', '{"jsonrpc":"2.0","id":1e2,"method":"tools/list"}'],
    ['a lone surrogate as id', '{"jsonrpc":"2.0","id":"\\ud800","method":"ping"}'],
    ['an escaped member name', '{"jsonrpc":"2.0","id":1,"m\\u0065thod":"tools/list"}'],
    ['a reserved method', '{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}'],
    ['a method named like a property of objects', '{"jsonrpc":"2.0","id":1,"method":"constructor"}'],
    ['an unknown member', '{"jsonrpc":"2.0","id":1,"method":"tools/list","extra":1}'],
    ['an error without an id', '{"jsonrpc":"2.0","error":{"code":-32700,"message":"Parse error"}}'],
    [
      'an error with a null id',
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}',
    ],
    ['blanks around', ' \t\r\n{"jsonrpc":"2.0","id":1,"result":{}}\n'],
  ])('%s', (_, text) => {
    expect(decodeFrame(text)).toEqual(JSON.parse(text));
  });

  test('a member named __proto__ pollutes nothing', () => {
    const message = decodeFrame(
      '{"__proto__":{"polluted":true},"jsonrpc":"2.0","id":1,"method":"tools/list"}',
    );
    expect(message).not.toBeInstanceOf(Error);
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('a defective response is never answered, but names the call that lost its answer', () => {
  test.each([
    ['an error that is text', '{"jsonrpc":"2.0","id":1,"error":"boom"}', 1],
    ['an error without a message', '{"jsonrpc":"2.0","id":"x","error":{"code":-32000}}', 'x'],
    ['a result and an error', '{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}', 1],
    ['a result that is a list', '{"jsonrpc":"2.0","id":2,"result":[]}', 2],
    ['a result without a version', '{"id":3,"result":{}}', 3],
    ['a result without an id', '{"jsonrpc":"2.0","result":{}}', undefined],
    ['a result with a rounded id', '{"jsonrpc":"2.0","id":9007199254740993,"result":{}}', undefined],
    ['a result in a batch', '[{"jsonrpc":"2.0","id":4,"result":1}]', 4],
    [
      'two results in a batch',
      '[{"jsonrpc":"2.0","id":4,"result":1},{"jsonrpc":"2.0","id":5,"result":{}}]',
      undefined,
    ],
  ])('%s', (_, text, id) => {
    const error = expectError(text);
    expect(error.code).toBe('malformed');
    expect(error.answer).toBeUndefined();
    expect(error.inReplyTo).toBe(id);
  });
});

describe('a batch', () => {
  const ping = (id: number): string => `{"jsonrpc":"2.0","id":${id},"method":"ping"}`;

  test('is the list of its messages', () => {
    const text = `[${ping(1)},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":1,"result":{}}]`;
    expect(decodeFrame(text)).toEqual(JSON.parse(text));
  });

  test.each([
    ['empty', '[]'],
    ['of more than 100', `[${Array.from({ length: 101 }, (_, id) => ping(id)).join(',')}]`],
    ['with one id twice', `[${ping(7)},${ping(7)}]`],
    ['with initialize', `[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}},${ping(2)}]`],
    ['with something else in it', `[1,${ping(2)}]`],
    ['with a batch in it', `[[${ping(1)}]]`],
    ['with a member twice in one message', `[{"jsonrpc":"2.0","id":1,"id":1,"method":"ping"}]`],
  ])('%s is answered with one -32600 and no id', (_, text) => {
    const { answer } = expectError(text);
    expect(answer?.error.code).toBe(-32600);
    expect(answer).not.toHaveProperty('id');
  });

  test('of 100 messages passes', () => {
    expect(decodeFrame(`[${Array.from({ length: 100 }, (_, id) => ping(id)).join(',')}]`)).toHaveLength(100);
  });
});

describe('limits', () => {
  const nested = (levels: number): string =>
    `{"jsonrpc":"2.0","id":1,"method":"m","params":{"x":${'['.repeat(levels - 2)}${']'.repeat(levels - 2)}}}`;
  const wide = (elements: number): string =>
    `{"jsonrpc":"2.0","id":1,"method":"m","params":{"x":[${'0,'.repeat(elements - 6)}0]}}`;

  test.each<[string, string, string, number, DecodeLimits]>([
    ['64 levels', nested(64), nested(65), -32600, {}],
    ['100,000 elements', wide(100_000), wide(100_001), -32602, {}],
    ['a depth of our own', nested(9), nested(10), -32600, { maxDepth: 9 }],
    ['elements of our own', wide(9), wide(10), -32602, { maxElements: 9 }],
    ['a length of our own', nested(8), nested(9), -32600, { maxLength: nested(8).length }],
  ])('%s pass, one more does not', (_, inside, outside, code, limits) => {
    expect(decodeFrame(inside, limits)).toEqual(JSON.parse(inside));
    const error = expectError(outside, limits);
    expect(error.code).toBe('too-large');
    expect(error.answer).toMatchObject({ id: 1, error: { code } });
  });

  test('a longest text of 16 Mi', () => {
    const frame = '{"jsonrpc":"2.0","id":1,"result":{"t":""}}';
    const text = (length: number): string => frame.replace('""', `"${'x'.repeat(length - frame.length)}"`);
    expect(decodeFrame(text(16 * 1024 * 1024))).not.toBeInstanceOf(Error);
    expect(expectError(text(16 * 1024 * 1024 + 1))).toMatchObject({ code: 'too-large', inReplyTo: 1 });
  });

  test('200,000 brackets are refused without recursion', () => {
    const error = expectError('['.repeat(200_000) + ']'.repeat(200_000));
    expect(error).toMatchObject({ code: 'too-large', answer: { error: { code: -32600 } } });
  });

  test.each([
    ['an id after the excess', `{"method":"m","params":{"x":[0,0,0,0,0,0]},"jsonrpc":"2.0","id":17}`, 17],
    ['a text id after the excess', `{"method":"m","params":{"x":[0,0,0,0,0,0]}, "id": "a-1" }`, 'a-1'],
    ['an id inside the params only', `{"method":"m","params":{"x":[0,0,0,0,0,0],"id":5}}`, undefined],
    [
      'an id that may be rounded',
      `{"method":"m","params":{"x":[0,0,0,0,0,0]},"id":9007199254740993}`,
      undefined,
    ],
  ])('the answer echoes %s', (_, text, id) => {
    expect(expectError(text, { maxElements: 4 }).answer?.id).toBe(id);
  });

  test('an answer of ours that is too large names its call', () => {
    const error = expectError('{"jsonrpc":"2.0","id":3,"result":{"x":[0,0,0,0,0,0]}}', { maxElements: 4 });
    expect(error.inReplyTo).toBe(3);
    expect(error.answer).toBeUndefined();
  });
});

describe('the head of a message that was not read to its end', () => {
  test.each([
    [
      'a request',
      '{"jsonrpc":"2.0","id":"a\\u0062","method":"m","params":{"x":"yyyy',
      { answer: { id: 'ab' } },
    ],
    ['a response', '{"jsonrpc":"2.0","id":8,"result":{"x":"yyyy', { inReplyTo: 8 }],
  ])('tells who waits: %s', (_, head, expected) => {
    expect(oversized(head, 20)).toMatchObject({ code: 'too-large', ...expected });
  });

  test('does not mistake half an id for the whole', () => {
    expect(oversized('{"jsonrpc":"2.0","method":"m","id":12', 20).answer).not.toHaveProperty('id');
  });
});

test('whatever JSON.parse takes is a message, a batch or an error, and nothing throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.string({ unit: 'binary' })), (text) => {
      expect(() => decodeFrame(text)).not.toThrow();
    }),
  );
});

test('every request survives the way to the wire and back', () => {
  const id = fc.oneof(fc.maxSafeInteger(), fc.string({ maxLength: 1024, unit: 'binary' }));
  const method = fc.string({ minLength: 1, maxLength: 256 });
  const params = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 5 }));
  fc.assert(
    fc.property(id, method, params, (requestId, name, given) => {
      const text = JSON.stringify({ jsonrpc: '2.0', id: requestId, method: name, params: given });
      expect(decodeFrame(text)).toEqual(JSON.parse(text));
    }),
  );
});

function expectError(text: string, limits?: DecodeLimits): TransportError {
  const decoded = decodeFrame(text, limits);
  expect(decoded).toBeInstanceOf(TransportError);
  return decoded as TransportError;
}
