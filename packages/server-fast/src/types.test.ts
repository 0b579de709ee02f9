import { toStandardJsonSchema } from '@valibot/to-json-schema';
import { type } from 'arktype';
import type { CallToolResult, ObjectJsonSchema } from '@trunkline/protocol';
import { Type } from 'typebox';
import * as v from 'valibot';
import { describe, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import type { Context, FastServer, FromJsonSchema, NoArguments, ToolHandler, ToolsOf } from './index.ts';
import { createServer } from './server.ts';

const info = { name: 'types', version: '1' };

describe('what a handler gets', () => {
  test('is what a library makes of the arguments', () => {
    createServer(info)
      .tool('zod', { input: z.object({ a: z.number(), b: z.string().default('x') }) }, (args, context) => {
        expectTypeOf(args).toEqualTypeOf<{ a: number; b: string }>();
        expectTypeOf(context).toEqualTypeOf<Context>();
        return 'x';
      })
      .tool(
        'valibot',
        { input: toStandardJsonSchema(v.object({ a: v.number(), b: v.optional(v.string()) })) },
        (args) => {
          expectTypeOf(args).toEqualTypeOf<{ a: number; b?: string | undefined }>();
          return 'x';
        },
      )
      .tool('arktype', { input: type({ a: 'number', 'b?': 'string' }) }, (args) => {
        expectTypeOf(args).toEqualTypeOf<{ a: number; b?: string }>();
        return 'x';
      })
      .tool(
        'typebox',
        { input: Type.Object({ a: Type.Number(), b: Type.Optional(Type.String()) }) },
        (args) => {
          expectTypeOf(args).toEqualTypeOf<{ a: number; b?: string }>();
          return 'x';
        },
      );
  });

  test('is inferred from a JSON Schema that is written down', () => {
    const input = {
      type: 'object',
      properties: {
        text: { type: 'string', minLength: 1 },
        count: { type: 'integer' },
        kind: { enum: ['a', 'b'] },
        fixed: { const: 1 },
        tags: { type: 'array', items: { type: 'string' } },
        place: { type: 'object', properties: { x: { type: 'number' } }, required: ['x'] },
        maybe: { type: ['string', 'null'] },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        odd: { anyOf: [{ type: 'string' }, { type: 'number' }] },
      },
      required: ['text', 'place'],
      additionalProperties: false,
      description: 'any other keyword is allowed too',
    } as const;
    expectTypeOf<FromJsonSchema<typeof input>>().toEqualTypeOf<{
      text: string;
      place: { x: number };
      count?: number;
      kind?: 'a' | 'b';
      fixed?: 1;
      tags?: string[];
      maybe?: string | null;
      counts?: { [name: string]: number };
      odd?: unknown;
    }>();
    createServer(info).tool(
      'literal',
      { input: { type: 'object', properties: { a: { type: 'number' } }, required: ['a'] } },
      (args) => {
        expectTypeOf(args).toEqualTypeOf<{ a: number }>();
        return 'x';
      },
    );
  });

  test('is unknown where the schema is known at run time only', () => {
    const lateSchema: ObjectJsonSchema = { type: 'object' };
    createServer(info).tool('late', { input: lateSchema }, (args) => {
      expectTypeOf(args).toEqualTypeOf<{ [name: string]: unknown }>();
      return 'x';
    });
  });

  test('of a tool without input is nothing', () => {
    createServer(info).tool('none', (args) => {
      expectTypeOf(args).toEqualTypeOf<{}>();
      return 'x';
    });
  });

  test('of a prompt is what its schema says', () => {
    createServer(info)
      .prompt('p', { arguments: z.object({ topic: z.string(), tone: z.string().optional() }) }, (args) => {
        expectTypeOf(args).toEqualTypeOf<{ topic: string; tone?: string | undefined }>();
        return 'x';
      })
      .prompt('q', () => ({ role: 'user', content: { type: 'text', text: 'x' } }));
  });
});

describe('what a handler returns', () => {
  const output = z.object({ sum: z.number() });
  type Free = ToolHandler<NoArguments, undefined>;
  type Bound = ToolHandler<NoArguments, typeof output>;
  type Literal = ToolHandler<
    NoArguments,
    { type: 'object'; properties: { sum: { type: 'number' } }; required: ['sum'] }
  >;

  test('is not nothing', () => {
    expectTypeOf<() => void>().not.toExtend<Free>();
    expectTypeOf<() => undefined>().not.toExtend<Free>();
    expectTypeOf<() => Promise<void>>().not.toExtend<Free>();
  });

  test('may be anything else without an output schema', () => {
    expectTypeOf<() => string | null | number | boolean>().toExtend<Free>();
    expectTypeOf<() => Promise<CallToolResult>>().toExtend<Free>();
    expectTypeOf<() => { deep: { at: Date }[] }>().toExtend<Free>();
    expectTypeOf<() => Promise<string[]>>().toExtend<Free>();
  });

  test('fits the output schema, or is a whole result', () => {
    expectTypeOf<() => { sum: number }>().toExtend<Bound>();
    expectTypeOf<() => Promise<{ sum: number }>>().toExtend<Literal>();
    expectTypeOf<() => CallToolResult>().toExtend<Bound & Literal>();
    expectTypeOf<() => { sum: string }>().not.toExtend<Bound>();
    expectTypeOf<() => { sum: string }>().not.toExtend<Literal>();
    expectTypeOf<() => string>().not.toExtend<Bound>();
  });

  test('is written without annotations', () => {
    const server = createServer(info)
      .tool('blocks', () => [{ type: 'text', text: 'x' }])
      .tool('whole', { output }, () => ({
        content: [{ type: 'text', text: 'x' }],
        structuredContent: { sum: 1 },
      }))
      .tool('json', { output: { type: 'object', properties: { sum: { type: 'number' } } } }, () => ({
        sum: 1,
      }));
    expectTypeOf<ToolsOf<typeof server>['json']['result']>().toEqualTypeOf<{ sum?: number }>();
    // @ts-expect-error sum is no number
    server.tool('differs', { output }, () => ({ sum: 'x' }));
  });
});

test('a schema that cannot write itself as JSON Schema does not compile', () => {
  const attempt = (): unknown =>
    // @ts-expect-error wrap it in toStandardJsonSchema
    createServer(info).tool('raw', { input: v.object({ a: v.number() }) }, () => 'x');
  expectTypeOf(attempt).toBeFunction();
});

test('the chain knows its tools', () => {
  const server = createServer(info)
    .tool(
      'add',
      { input: z.object({ a: z.number(), b: z.number().default(0) }), output: z.object({ sum: z.number() }) },
      ({ a, b }) => ({ sum: a + b }),
    )
    .resource('r', 'test://r', () => 'x')
    .tool('hello', () => 'x')
    .prompt('p', () => 'x');
  expectTypeOf<ToolsOf<typeof server>['add']>().toEqualTypeOf<{
    readonly args: { a: number; b?: number | undefined };
    readonly result: { sum: number };
  }>();
  expectTypeOf<keyof ToolsOf<typeof server>>().toEqualTypeOf<'add' | 'hello'>();
  expectTypeOf(server).toExtend<FastServer>();
});
