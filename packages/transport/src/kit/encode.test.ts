import { describe, expect, test } from 'vitest';
import { encodeMessage } from './encode.ts';

describe('a response that is text already', () => {
  test.each<[string | number, string]>([
    [1, '{"jsonrpc":"2.0","id":1,"result":{"a":1}}'],
    ['a"\u2028', '{"jsonrpc":"2.0","id":"a\\"\u2028","result":{"a":1}}'],
  ])('keeps its id %j', (id, text) => {
    expect(encodeMessage({ id, json: '{"a":1}' })).toBe(text);
  });

  test('becomes one line', () => {
    const json = JSON.stringify({ a: [1, 'x\ny'] }, undefined, 2);
    const text = encodeMessage({ id: 1, json });
    expect(text).not.toContain('\n');
    expect(JSON.parse(text)).toEqual({ jsonrpc: '2.0', id: 1, result: { a: [1, 'x\ny'] } });
  });
});

test('a message is written as JSON.stringify does, on one line', () => {
  const message = {
    jsonrpc: '2.0',
    method: 'm',
    params: { text: 'a\nb\u2028\ud800', gone: undefined },
  } as const;
  expect(encodeMessage(message)).toBe(
    '{"jsonrpc":"2.0","method":"m","params":{"text":"a\\nb\u2028\\ud800"}}',
  );
});

test.each<[string, unknown]>([
  ['a BigInt', 1n],
  ['nesting beyond the stack', deep(100_000)],
])('%s is misuse', (_, value) => {
  expect(() => encodeMessage({ jsonrpc: '2.0', method: 'm', params: { value: value as never } })).toThrow(
    expect.objectContaining({ code: 'misuse', delivery: 'not-sent', cause: expect.any(Error) }),
  );
});

function deep(levels: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}
