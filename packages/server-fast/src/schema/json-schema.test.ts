import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { createServer } from '../server.ts';
import { connect } from '../testing.ts';
import type { Validator } from './json-validator.ts';
import type { JsonSchemaLiteral } from './types.ts';

const info = { name: 'test', version: '1.0.0' };
const of = (property: JsonObject): JsonSchemaLiteral => ({ type: 'object', properties: { x: property } });

/** What the model is told when `x` has this value; nothing if the value is allowed. */
async function complaint(schema: JsonSchemaLiteral, x: unknown): Promise<string | undefined> {
  await using client = await connect(createServer(info).tool('t', { input: schema }, () => 'fine'));
  const { content, isError } = await client.callTool('t', { x });
  return isError && content[0]?.type === 'text'
    ? content[0].text.replace('Invalid arguments for t:\n', '')
    : undefined;
}

describe('a plain JSON Schema', () => {
  test.each<[schema: JsonSchemaLiteral, good: unknown, bad: unknown, complaint: RegExp]>([
    [of({ type: ['string', 'null'] }), null, 1, /^- x: expected string or null, got number$/],
    [of({ enum: [1, 2] }), 2, 3, /^- x: .*\[1,2\]/],
    [of({ type: 'array', items: { type: 'integer' } }), [1], [1, 1.5], /^- x\[1\]: expected integer/],
    [of({ type: 'object', additionalProperties: false }), {}, { y: 1 }, /^- x\.y: is not allowed$/],
    [of({ pattern: '^a+$' }), 'aaa', 'b', /^- x: does not match the pattern \^a\+\$$/],
    [of({ format: 'email' }), 'a@b.cd', 'ab', /^- x: .*format "email"/],
    [of({ type: 'array', uniqueItems: true }), [1, 2], [1, 1], /^- x: Duplicate/],
    [of({ anyOf: [{ type: 'string' }, { type: 'number' }] }), 1, true, /- x: expected string, got boolean/],
    [
      { type: 'object', properties: { x: { $ref: '#/$defs/n' } }, $defs: { n: { type: 'number' } } },
      1,
      'a',
      /^- x: expected number/,
    ],
    [
      { type: 'object', properties: { x: { $ref: '#n' } }, $defs: { n: { $anchor: 'n', type: 'number' } } },
      1,
      'a',
      /^- x: expected number/,
    ],
    [{ type: 'object', properties: { x: { $ref: '#' } } }, { x: {} }, { x: 1 }, /^- x\.x: expected object/],
    [
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        type: 'object',
        properties: { x: { exclusiveMinimum: 1 } },
      },
      2,
      1,
      /^- x: /,
    ],
    [
      of({ type: 'object', properties: { 'a/b~c%#': { type: 'number' } } }),
      {},
      { 'a/b~c%#': '' },
      /^- x\.a\/b~c%#: expected number/,
    ],
  ])('%j', async (schema, good, bad, reason) => {
    expect(await complaint(schema, good)).toBeUndefined();
    expect(await complaint(schema, bad)).toMatch(reason);
  });

  test('reports every defect, within bounds', async () => {
    const all = await complaint(
      of({ type: 'array', items: { type: 'number' } }),
      Array.from({ length: 30 }).fill('x'),
    );
    expect(all?.split('\n')).toHaveLength(11);
    expect(all).toMatch(/- and 20 more$/);
    const long = await complaint(of({ enum: ['x'.repeat(5000)] }), 'y');
    expect(long?.length).toBeLessThan(400);
  });

  test('is copied, so that later changes to the object mean nothing, and a frozen one will do', async () => {
    const x: JsonObject = { type: 'number' };
    const server = createServer(info)
      .tool('t', { input: of(x) }, () => 'x')
      .tool('frozen', { input: Object.freeze({ type: 'object', properties: Object.freeze({}) }) }, () => 'x');
    x['type'] = 'string';
    await using client = await connect(server);
    expect((await client.listTools()).tools[0]?.inputSchema['properties']).toEqual({ x: { type: 'number' } });
    expect(await client.callTool('t', { x: 1 })).toMatchObject({ content: [{ text: 'x' }] });
    expect(await client.callTool('frozen')).toMatchObject({ content: [{ text: 'x' }] });
  });

  test('what takes more than linear time is tried on little', async () => {
    const text = 'a'.repeat(20_000);
    expect(await complaint(of({ type: 'string', pattern: 'a+a+b' }), text)).toMatch(/20000 > 10000/);
    expect(await complaint(of({ type: 'string', pattern: '^a+$', maxLength: 30_000 }), text)).toBeUndefined();
    expect(await complaint(of({ type: 'string', pattern: '^a+$', maxLength: 100 }), text)).toMatch(
      /20000 > 100/,
    );
    const items = Array.from({ length: 1001 }, (_, index) => index);
    expect(await complaint(of({ type: 'array', uniqueItems: true }), items)).toMatch(/1001 > 1000/);
    expect(await complaint(of({ type: 'array', uniqueItems: true, maxItems: 2000 }), items)).toBeUndefined();
    expect(await complaint(of({ format: 'url' }), `http://${'a'.repeat(200)}!`)).toBeUndefined();
  });

  test('a reference that leads nowhere but to itself fails the call, not the server', async () => {
    const loop = { type: 'object', properties: { x: { $ref: '#/properties/x' } } };
    expect(await complaint(loop, 1)).toMatch(/cannot be checked/);
  });
});

describe('a plain JSON Schema that cannot be used is refused', () => {
  const deep = Array.from({ length: 70 }).reduce<JsonObject>((inner) => ({ items: inner }), {});
  const wide = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`p${index}`, {}]));
  const cyclic: JsonObject = { type: 'object' };
  cyclic['properties'] = { self: cyclic };
  test.each<[reason: RegExp, schema: JsonSchemaLiteral]>([
    [
      /refers to "https:\/\/example\.com\/s\.json", which is not in it; nothing is fetched/,
      of({ $ref: 'https://example.com/s.json' }),
    ],
    [/refers to "#\/\$defs\/nope"/, of({ $ref: '#/$defs/nope' })],
    [/refers to "#\/__proto__"/, of({ $ref: '#/__proto__' })],
    [/refers to 5/, of({ $ref: 5 })],
    [/uses \$dynamicRef/, of({ $dynamicRef: '#x' })],
    [
      /dialect "https:\/\/example\.com\/dialect" is not supported/,
      { $schema: 'https://example.com/dialect', type: 'object' },
    ],
    [/nested deeper than 64/, of(deep)],
    [/more than 2000 subschemas/, { type: 'object', properties: wide }],
    [/characters long/, { type: 'object', description: 'x'.repeat(300_000) }],
    [/cannot be written as JSON/, cyclic],
    [/has 5 where a schema belongs/, { type: 'object', properties: { x: 5 } }],
    [/has the pattern 5/, of({ pattern: 5 })],
    [/unsafe-pattern: .*is no regular expression/, of({ pattern: '(' })],
    [/unsafe-pattern: .*exponential/, of({ patternProperties: { '^(a|a)+$': {} } })],
    [/not one of objects/, { anyOf: [{ type: 'object' }, { type: 'null' }] }],
    [/not one of objects/, {}],
  ])('%s', (reason, input) => {
    expect(() => createServer(info).tool('t', { input }, () => 'x')).toThrow(reason);
  });
});

test('another validator may take the place of ours; it compiles each schema once', async () => {
  const compiled: JsonObject[] = [];
  const validator: Validator = (schema) => {
    compiled.push(schema);
    return (value) =>
      Object.keys(value as object).length > 0 ? [{ path: ['x'], message: 'is too much' }] : undefined;
  };
  const input = { type: 'object', properties: {} } as const;
  const server = createServer({ ...info, validator }).tool('t', { input }, () => 'x');
  await using client = await connect(server);
  for (let count = 0; count < 3; count += 1)
    expect(await client.callTool('t')).toMatchObject({ content: [{ text: 'x' }] });
  expect(await client.callTool('t', { x: 1 })).toMatchObject({
    isError: true,
    content: [{ text: expect.stringContaining('- x: is too much') }],
  });
  expect(compiled).toEqual([input]);
});

test('a validator that cannot compile a schema refuses the tool', () => {
  const validator: Validator = () => {
    throw new Error('strict mode');
  };
  const server = createServer({ ...info, validator });
  expect(() => server.tool('t', { input: { type: 'object' } }, () => 'x')).toThrow(
    'bad-schema: tool "t", input: the schema cannot be compiled: strict mode',
  );
});
