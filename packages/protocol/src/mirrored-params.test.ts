import { describe, expect, test } from 'vitest';
import type { JsonObject } from './json.ts';
import { findMirroredParams, mirroredValue } from './mirrored-params.ts';

const schema = (properties: JsonObject, more: JsonObject = {}) => ({ type: 'object', properties, ...more });
const marked = (type: string, name = 'Tenant') => ({ type, 'x-mcp-header': name });

describe('the arguments that an envelope repeats', () => {
  test('are found at every depth of properties', () => {
    const nested = schema({
      a: schema({ b: marked('integer', 'Depth') }),
      c: marked('boolean', 'Flag'),
      d: { type: 'number' },
    });
    expect(findMirroredParams(nested)).toEqual([
      { name: 'Depth', path: ['a', 'b'], type: 'integer' },
      { name: 'Flag', path: ['c'], type: 'boolean' },
    ]);
    expect(findMirroredParams({ type: 'object' })).toEqual([]);
  });

  test.each<[string, JsonObject]>([
    ['on a number', schema({ a: marked('number') })],
    ['on an object', schema({ a: marked('object') })],
    ['without a name', schema({ a: marked('string', '') })],
    ['with a name that is no token', schema({ a: marked('string', 'a b') })],
    ['with a control character', schema({ a: marked('string', 'a\nb') })],
    ['that is no text', schema({ a: { type: 'string', 'x-mcp-header': 5 } })],
    ['used twice in other letters', schema({ a: marked('string', 'Tenant'), b: marked('string', 'tenant') })],
    ['below items', schema({ a: { type: 'array', items: marked('string') } })],
    ['below oneOf', schema({}, { oneOf: [schema({ a: marked('string') })] })],
    ['below if', schema({}, { if: schema({ a: marked('string') }) })],
    ['in a definition', schema({}, { $defs: { t: marked('string') } })],
  ])('are refused when there is a mark %s', (_name, input) => {
    expect(findMirroredParams(input)).toContain('x-mcp-header');
  });

  test('may be called like the mark itself', () => {
    expect(findMirroredParams(schema({ 'x-mcp-header': { type: 'string' } }))).toEqual([]);
  });
});

describe('the value of such an argument', () => {
  const at = (...path: string[]) => ({ name: 'X', path, type: 'string' as const });

  test('is what the call has at its place', () => {
    expect(mirroredValue({ a: { b: 'x' } }, at('a', 'b'))).toBe('x');
    expect(mirroredValue({ a: 0 }, at('a'))).toBe(0);
    expect(mirroredValue({ a: false }, at('a'))).toBe(false);
    expect(mirroredValue({ a: '' }, at('a'))).toBe('');
  });

  test.each<[JsonObject, string[]]>([
    [{}, ['a']],
    [{ a: null }, ['a']],
    [{ a: {} }, ['a']],
    [{ a: 'x' }, ['a', 'length']],
    [{ a: [{ b: 'x' }] }, ['a', '0', 'b']],
    [{}, ['constructor', 'name']],
  ])('is missing from %j at %j', (args, path) => {
    expect(mirroredValue(args, at(...path))).toBeUndefined();
  });
});
