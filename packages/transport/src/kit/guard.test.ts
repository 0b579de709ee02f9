import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { guardJson } from './guard.ts';

const texts = fc.tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom('', ' ', '\t', '\r\n  '));

describe('what the guard counts agrees with what JSON.parse makes', () => {
  test('depth and elements, at the limit and one below it', () => {
    fc.assert(
      fc.property(texts, ([value, indent]) => {
        const text = JSON.stringify(value, undefined, indent);
        const parsed: unknown = JSON.parse(text);
        const depth = depthOf(parsed);
        const elements = elementsOf(parsed);
        expect(guardJson(text, depth, elements).excess).toBeUndefined();
        if (depth > 0) expect(guardJson(text, depth - 1, elements).excess).toBe('depth');
        if (elements > 0) expect(guardJson(text, depth, elements - 1).excess).toBe('elements');
      }),
    );
  });

  test('the members of a message', () => {
    const member = fc.constantFrom(
      'jsonrpc',
      'id',
      'method',
      'params',
      'result',
      'error',
      'i\u0064x',
      '"',
      '\\',
      'é',
    );
    fc.assert(
      fc.property(fc.uniqueArray(member), fc.jsonValue(), fc.boolean(), (names, value, escaped) => {
        const name = (text: string): string => (escaped ? escapeAll(text) : JSON.stringify(text));
        const text = `{${names.map((each) => `${name(each)}:${JSON.stringify(value)}`).join(',')}}`;
        const survey = guardJson(text, Infinity, Infinity);
        const parsed = Object.keys(JSON.parse(text) as object);
        expect(survey.repeatsMember).toBe(false);
        expect(survey.idAt !== -1).toBe(parsed.includes('id'));
        expect(survey.hasMethod).toBe(parsed.includes('method'));
        expect(survey.hasOutcome).toBe(parsed.includes('result') || parsed.includes('error'));
        if (survey.idAt !== -1) expect(text.slice(survey.idAt)).toMatch(/^:/);
      }),
    );
  });

  test('a message of many members', () => {
    const names = Array.from({ length: 50 }, (_, index) => `m${index}`);
    const text = JSON.stringify(Object.fromEntries(names.map((name) => [name, 1])));
    expect(guardJson(text, 1, 50).repeatsMember).toBe(false);
    expect(guardJson(text.replace('m49', 'm3'), 1, 50).repeatsMember).toBe(true);
  });
});

test('no text makes the guard throw', () => {
  const unit = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ',',
    ':',
    'id',
    '1',
    '.',
    'e',
    ' ',
    '\u0000',
    '\ud800',
    'x',
  );
  fc.assert(
    fc.property(fc.array(unit), (units) => {
      expect(() => guardJson(units.join(''), 8, 20)).not.toThrow();
    }),
  );
});

describe('a member that occurs twice', () => {
  test.each([
    ['plainly', '{"id":1,"id":2}', true],
    ['escaped', '{"id":1,"\\u0069d":2}', true],
    ['in a batch', '[{"id":1},{"id":2,"id":2}]', true],
    ['in two messages of a batch', '[{"id":1},{"id":1}]', false],
    ['below the message', '{"params":{"a":1,"a":2}}', false],
    ['as a value', '{"id":"id","method":"id"}', false],
    ['in an array inside the batch', '[["id","id"]]', false],
    ['by a name that only looks the same', '{"id":1,"Id":2,"id\\u0000":3}', false],
  ])('%s', (_, text, repeats) => {
    expect(guardJson(text, 64, 100).repeatsMember).toBe(repeats);
  });

  test('the id is then unknown', () => {
    expect(guardJson('{"id":1,"id":1}', 64, 100).idAt).toBe(-1);
    expect(guardJson('{"id":1,"id":1,"id":1}', 64, 100).idAt).toBe(-1);
  });
});

test.each([
  ['1', false],
  ['9007199254740993', false],
  ['1e2', false],
  ['-1.50', false],
  ['1.00000000000000000001', true],
  ['9007199254740990.9', true],
  ['100000000000000000001e-20', true],
  ['"1.00000000000000000001"', false],
])('the id %s loses digits when parsed: %s', (id, rounds) => {
  expect(guardJson(`{ "id" : ${id} }`, 64, 100).roundsId).toBe(rounds);
});

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function elementsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce<number>((sum, each) => sum + 1 + elementsOf(each), 0);
}

function escapeAll(text: string): string {
  return `"${Array.from(text, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`;
}
