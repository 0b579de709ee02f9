import type { JsonRpcMessage } from '@trunkline/protocol';
import { encodeMessage } from '@trunkline/transport';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainMessage } from './plain-message.ts';

const note = (params: unknown): JsonRpcMessage => ({ jsonrpc: '2.0', method: 'n', params }) as JsonRpcMessage;

test('what is copied is what text would have carried, whatever a program puts into a message', () => {
  const anything = fc.anything({
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSparseArray: true,
    withObjectString: true,
    withUnicodeString: true,
  });
  fc.assert(
    fc.property(anything, (params) => {
      const message = note({ params });
      const read: unknown = JSON.parse(encodeMessage(message));
      expect(plainMessage(message) ?? read).toStrictEqual(read);
    }),
    { numRuns: 2000 },
  );
});

test('JSON is copied, and nothing of it is shared', () => {
  const json = fc.jsonValue({ maxDepth: 5 }).filter((value) => !JSON.stringify(value).includes('__proto__'));
  fc.assert(
    fc.property(json, (value) => {
      const message = note({ value });
      const copy = plainMessage(message);
      expect(copy).toStrictEqual(JSON.parse(JSON.stringify(message)));
      expect(sharedIn(copy, message)).toBe(false);
    }),
  );
});

test('members without a value are left out, and odd numbers become what their text reads as', () => {
  expect(plainMessage(note({ a: undefined, b: [undefined, NaN, Infinity], c: -0 }))).toStrictEqual(
    note({ b: [null, null, null], c: 0 }),
  );
});

const nested = (levels: number): object => (levels === 0 ? {} : { a: nested(levels - 1) });

describe('is left to text', () => {
  test.each([
    ['a date', note({ at: new Date(0) })],
    ['a map', note({ all: new Map() })],
    ['a function', note({ go: () => 1 })],
    ['a symbol', note({ what: Symbol('x') })],
    ['a big integer', note({ many: 1n })],
    ['an object that speaks for itself', note({ toJSON: () => ({}) })],
    ['a list that speaks for itself', note({ all: Object.assign([1], { toJSON: () => [2] }) })],
    ['a member called __proto__', note(JSON.parse('{"__proto__":{"a":1}}'))],
    ['deep nesting', note(nested(60))],
    ['very many values', note({ all: Array.from({ length: 60_000 }, () => 1) })],
    ['very long text', note({ all: 'x'.repeat(2 * 1024 * 1024) })],
    ['what is no message', { jsonrpc: '2.0', method: 1 } as unknown as JsonRpcMessage],
    ['a result that is text already', { id: 1, json: '{}' } as const],
  ])('%s', (_what, message) => {
    expect(plainMessage(message)).toBeUndefined();
  });
});

/** Whether an object of the one is an object of the other. */
function sharedIn(one: unknown, other: unknown): boolean {
  const found = new Set(objectsIn(one));
  return objectsIn(other).some((object) => found.has(object));
}

function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}
