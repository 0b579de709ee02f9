import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import { Type } from 'typebox';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createServer } from '../server.ts';
import { connect } from '../testing.ts';
import type { AnySchema } from './types.ts';

const info = { name: 'test', version: '1.0.0' };

/** The same arguments in every library: a number from 0 on, an optional text, a list of one of two words. */
const libraries: readonly [name: string, schema: AnySchema][] = [
  [
    'Zod',
    z.object({ n: z.number().min(0), text: z.string().optional(), words: z.array(z.enum(['a', 'b'])) }),
  ],
  [
    'Valibot',
    toStandardJsonSchema(
      v.object({
        n: v.pipe(v.number(), v.minValue(0)),
        text: v.optional(v.string()),
        words: v.array(v.picklist(['a', 'b'])),
      }),
    ),
  ],
  ['ArkType', type({ n: 'number >= 0', 'text?': 'string', words: "('a' | 'b')[]" })],
  [
    'TypeBox',
    Type.Object({
      n: Type.Number({ minimum: 0 }),
      text: Type.Optional(Type.String()),
      words: Type.Array(Type.Enum(['a', 'b'])),
    }),
  ],
  [
    'plain JSON Schema',
    {
      type: 'object',
      properties: {
        n: { type: 'number', minimum: 0 },
        text: { type: 'string' },
        words: { type: 'array', items: { enum: ['a', 'b'] } },
      },
      required: ['n', 'words'],
    },
  ],
];

describe.each(libraries)('%s', (_name, input) => {
  test('is converted for clients', async () => {
    await using client = await connect(createServer(info).tool('t', { input }, () => 'x'));
    const [tool] = (await client.listTools()).tools;
    expect(tool?.inputSchema).toMatchObject({
      type: 'object',
      properties: {
        n: { type: 'number', minimum: 0 },
        text: { type: 'string' },
        words: { type: 'array', items: { enum: ['a', 'b'] } },
      },
      required: expect.arrayContaining(['n', 'words']),
    });
    expect(tool?.inputSchema).not.toHaveProperty('$schema');
  });

  test('validates what comes in, and what goes out', async () => {
    const server = createServer({ ...info, onError: () => {} })
      .tool('in', { input }, (args) => ({ got: args }))
      .tool('out', { output: input }, () => ({ n: 'x' }));
    await using client = await connect(server);
    const good = { n: 1, words: ['a'] };
    expect((await client.callTool('in', good)).structuredContent).toEqual({ got: good });
    expect(await client.callTool('in', { n: -1, words: ['a'] })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/- n: /) }],
    });
    expect(await client.callTool('in', { n: 1, words: ['c'] })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/- words\[0\]: /) }],
    });
    await expect(client.callTool('out')).rejects.toThrow('Internal error');
  });
});

describe('a schema that cannot be used is refused, with its library and the reason', () => {
  test.each<[reason: RegExp, input: unknown]>([
    [/zod cannot write the schema as JSON Schema: .*Date/, z.object({ at: z.date() })],
    [/zod cannot write the schema as JSON Schema: .*BigInt/, z.object({ n: z.bigint() })],
    [/schema of valibot cannot write itself as JSON Schema/, v.object({ a: v.string() })],
    [/valibot cannot write the schema as JSON Schema/, toStandardJsonSchema(v.object({ at: v.date() }))],
    [/not one of objects/, z.string()],
    [/not one of objects/, z.union([z.object({ a: z.string() }), z.string()])],
    [/the pattern \^\(a\+\)\+\$ may take exponential time/, z.object({ s: z.string().regex(/^(a+)+$/) })],
  ])('%s', (reason, input) => {
    expect(() => createServer(info).tool('t', { input: input as AnySchema }, () => 'x')).toThrow(reason);
  });
});

test.each<[what: string, input: AnySchema]>([
  [
    'a choice of objects',
    z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })]),
  ],
  [
    'objects that are joined',
    z.intersection(z.object({ kind: z.string() }), z.object({ n: z.number().optional() })),
  ],
  [
    'an object behind a reference',
    { $ref: '#/$defs/kind', $defs: { kind: { type: 'object', properties: { kind: { type: 'string' } } } } },
  ],
  [
    'an object that holds itself',
    z.object({
      kind: z.string(),
      get inner() {
        return z.lazy(() => z.object({ kind: z.string() })).optional();
      },
    }),
  ],
])('%s is one of objects, and says so', async (_what, input) => {
  await using client = await connect(createServer(info).tool('t', { input }, () => 'x'));
  expect((await client.listTools()).tools[0]?.inputSchema.type).toBe('object');
  expect(await client.callTool('t', { kind: 'a' })).toMatchObject({ content: [{ text: 'x' }] });
  expect(await client.callTool('t', { kind: 1 })).toMatchObject({ isError: true });
});

test('what a library gives and takes may differ: clients see what they have to give and what they get', async () => {
  const schema = z.object({ n: z.string().transform(Number).pipe(z.number()) });
  const server = createServer(info).tool('t', { input: schema, output: schema }, ({ n }) => ({
    n: String(n * 2),
  }));
  await using client = await connect(server);
  const [tool] = (await client.listTools()).tools;
  expect([tool?.inputSchema['properties'], tool?.outputSchema?.['properties']]).toEqual([
    { n: { type: 'string' } },
    { n: { type: 'number' } },
  ]);
  expect((await client.callTool('t', { n: '21' })).structuredContent).toEqual({ n: 42 });
});
