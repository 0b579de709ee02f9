import { describe, expect, expectTypeOf, test } from 'vitest';
import fc from 'fast-check';
import { automatonOf } from './automaton.ts';
import type { TemplateValues } from './expand.ts';
import { readUri } from './read.ts';
import { parseTemplate } from './syntax.ts';
import { parseUriTemplate } from './uri-template.ts';
import type { VariablesOf } from './variables.ts';

test.each<[template: string, uri: string, values: object | undefined]>([
  ['note://{id}', 'note://a', { id: 'a' }],
  ['note://{id}', 'note://', undefined],
  ['note://{id}', 'note://a/b', undefined],
  ['note://{id}', 'note://a%2Fb', { id: 'a/b' }],
  ['note://{id}', 'note://%E0', undefined],
  ['note://{id}', 'note://é', { id: 'é' }],
  ['note://{id}', 'note://\uD800', undefined],
  ['note://{id}', 'NOTE://a', undefined],
  ['note://é/{id}', 'note://é/a', { id: 'a' }],
  ['note://é/{id}', 'note://%C3%A9/a', { id: 'a' }],
  ['file:///{+path}', 'file:///a/b?c#d', { path: 'a/b?c#d' }],
  ['file:///{+path}/{name}', 'file:///a/b/c', { path: 'a/b', name: 'c' }],
  ['file:///{name}.json', 'file:///a.json.json', { name: 'a.json' }],
  ['db://{table}:{row}', 'db://users:7', { table: 'users', row: '7' }],
  ['geo://{lat,long}', 'geo://1,2', { lat: '1', long: '2' }],
  ['geo://{lat,long}', 'geo://1', undefined],
  ['geo://{lat,long}', 'geo://1,2,3', undefined],
  ['list://{items*}', 'list://a,b', { items: ['a', 'b'] }],
  ['web://x{/path*}', 'web://x/a/b', { path: ['a', 'b'] }],
  ['web://x{/path*}', 'web://x', { path: [] }],
  ['web://x{/a,b}', 'web://x/1', { a: '1' }],
  ['web://x{/a,b}', 'web://x/1/2/3', undefined],
  ['web://x{/a,rest*}', 'web://x/1/2/3', { a: '1', rest: ['2', '3'] }],
  ['web://x{.format}', 'web://x.json', { format: 'json' }],
  ['web://x{.format}', 'web://x', {}],
  ['web://x{#at}', 'web://x#', { at: '' }],
  ['web://x{#at}', 'web://x#a/b', { at: 'a/b' }],
  ['web://x{;a,b}', 'web://x;b=2;a', { a: '', b: '2' }],
  ['web://x{?q,limit}', 'web://x?limit=5&q=a%26b', { q: 'a&b', limit: '5' }],
  ['web://x{?q,limit}', 'web://x', {}],
  ['web://x{?q,limit}', 'web://x?q', undefined],
  ['web://x{?q,limit}', 'web://x?q=a&q=b', undefined],
  ['web://x{?q,limit}', 'web://x?other=1', undefined],
  ['web://x{?q,limit}', 'web://x?', undefined],
  ['web://x{?q}{&limit}', 'web://x?q=1&limit=2', { q: '1', limit: '2' }],
  ['web://x?fixed=1{&q}', 'web://x?fixed=1&q=', { q: '' }],
  ['web://x{?tag*}', 'web://x?tag=a&tag=b', { tag: ['a', 'b'] }],
  ['key://{id:3}', 'key://abc', { id: 'abc' }],
  ['key://{id:3}', 'key://abcd', undefined],
])('%s reads %s', (template, uri, values) => {
  expect(parseUriTemplate(template).match(uri)).toEqual(values);
});

test.each([
  '{a}{b}',
  '{a}.{b}',
  '{a}{.b}',
  '{+a}/{+b}',
  '{+a}{?q}',
  '{a}x{b}',
  '{#a}{#b}',
  '{+a,b}',
  '{+a*}',
  '{.a*}',
  '{/a*}{/b}',
  '{/a*,b}',
  '{a}/{a}',
  '{?q*}{&r*}',
])('%s can be read in two ways', (template) => {
  expect(() => parseUriTemplate(`test://${template}`).match('test://x')).toThrow(/^ambiguous-address: /);
});

test('the error shows a URI that can be read in two ways', () => {
  expect(() => parseUriTemplate('test://{a}-{b}').match('')).toThrow('"test://x--x" can be read in two ways');
});

test('variables are called what their author likes', () => {
  const values = parseUriTemplate('test://{__proto__}/{constructor}').match('test://a/b');
  expect(Object.entries(values ?? {})).toEqual([
    ['constructor', 'b'],
    ['__proto__', 'a'],
  ]);
});

describe('what was expanded is read back', () => {
  const text = fc.string({ unit: 'binary', maxLength: 12 }).map((value) => value.replaceAll(/\p{Cs}/gu, '?'));
  const some = text.filter((value) => value !== '');
  const literal = fc.constantFrom('/', '/x/', '/a-b/', '/1.0/', '/%41/');
  /** An expression with the values it is given, and those that are read. */
  type Case = { source: string; values: TemplateValues };
  const named = (symbol: string, name: string, value: fc.Arbitrary<string>): fc.Arbitrary<Case> =>
    value.map((each) => ({ source: `{${symbol}${name}}`, values: { [name]: each } }));
  const notEncoded = some.filter((value) => !/%[\da-f]{2}/i.test(value));
  const any = fc.oneof(
    named('', 'v', some),
    named('.', 'v', text),
    named('/', 'v', text),
    named(';', 'v', text),
    named('?', 'v', text),
    named('&', 'v', text),
    named('#', 'v', fc.oneof(fc.constant(''), notEncoded)),
    named('+', 'v', notEncoded),
    fc.tuple(some, some).map(([v, w]) => ({ source: '{v,w}', values: { v, w } })),
    fc.tuple(text, text).map(([v, w]) => ({ source: '{/v,w}', values: { v, w } })),
    fc.tuple(text, text).map(([v, w]) => ({ source: '{?v,w}', values: { v, w } })),
    fc.tuple(text, text).map(([v, w]) => ({ source: '{;v,w}', values: { v, w } })),
    text.map((w) => ({ source: '{?v,w}', values: { w } })),
    fc.array(some, { minLength: 1 }).map((v) => ({ source: '{v*}', values: { v } })),
    ...['/', ';', '?', '&'].map((symbol) =>
      fc.array(text).map((v) => ({ source: `{${symbol}v*}`, values: { v } })),
    ),
  );

  test('by every operator', () => {
    fc.assert(
      fc.property(literal, any, (before, { source, values }) => {
        const template = parseUriTemplate(`test:/${before}${source}`);
        expect(template.match(template.expand(values))).toEqual(values);
      }),
      { numRuns: 2000 },
    );
  });

  test('by several expressions at once, or the template is refused', () => {
    let read = 0;
    const parts = fc.array(fc.tuple(fc.oneof(literal, fc.constant('')), any), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(parts, (expressions) => {
        const values: Record<string, TemplateValues[string]> = {};
        let source = 'test:/';
        for (const [index, [before, expression]] of expressions.entries()) {
          source += before + expression.source.replaceAll(/[vw]/g, (name) => name + String(index));
          for (const [name, value] of Object.entries(expression.values)) values[name + String(index)] = value;
        }
        const template = parseUriTemplate(source);
        const uri = template.expand(values);
        try {
          template.match(uri);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ambiguous-address' });
          return;
        }
        read += 1;
        expect(template.match(uri)).toEqual(values);
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});

test('a long URI is read in steps that grow with its length alone', () => {
  const parts = parseTemplate('test://{a}/{+b}/{c}{?d,e}');
  const automaton = automatonOf(parts);
  let steps = 0;
  const counting = automaton.next.map((states) => {
    const counted = new Set(states);
    counted[Symbol.iterator] = () => ((steps += 1), states[Symbol.iterator]());
    return counted;
  });
  const stepsOf = (length: number): number => {
    steps = 0;
    const uri = `test://a/${'b/'.repeat(length)}c?x`;
    expect(readUri(uri, parts, { ...automaton, next: counting })).toBeUndefined();
    return steps;
  };
  expect(stepsOf(4000)).toBeLessThan(stepsOf(100) * 41);
});

test('the types of the variables follow from the template', () => {
  expectTypeOf<VariablesOf<'a://{id}/{+path}{?q,limit}'>>().toEqualTypeOf<{
    readonly id: string;
    readonly path: string;
    readonly q?: string;
    readonly limit?: string;
  }>();
  expectTypeOf<VariablesOf<'a://{lat,long}{/rest*}{#at:3}'>>().toEqualTypeOf<{
    readonly lat: string;
    readonly long: string;
    readonly rest: string[];
    readonly at?: string;
  }>();
  expectTypeOf<VariablesOf<string>>().toEqualTypeOf<{ readonly [name: string]: string | string[] }>();
});
