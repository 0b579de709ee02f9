import type { Client } from '@trunkline/session';
import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { typedClient, type TypedResult } from './client.ts';
import { createServer } from './server.ts';
import { connect } from './testing.ts';
import { ToolError } from './tool-error.ts';

const other = createServer({ name: 'other', version: '1' }).tool('ping', () => 'pong');
const server = createServer({ name: 'test', version: '1' })
  .tool(
    'add',
    { input: z.object({ a: z.number(), b: z.number().default(1) }), output: z.object({ sum: z.number() }) },
    ({ a, b }) => ({ sum: a + b }),
  )
  .tool('list', { output: { type: 'array', items: { type: 'string' } } }, () => ['x', 'y'])
  .tool('then', () => 'x')
  .tool('fail', () => {
    throw new ToolError('no', { structuredContent: { why: 1 } });
  })
  .mount(other, { prefix: 'o' });

describe.each(['modern', 'legacy'] as const)('a typed client, %s', (era) => {
  const open = (): Promise<Client> => connect(server, { eras: [era] });

  test('calls tools with typed arguments and results', async () => {
    await using client = await open();
    const { tools } = typedClient<typeof server>(client);
    const { data, content } = await tools.add({ a: 2 });
    expectTypeOf(data).toEqualTypeOf<{ sum: number }>();
    expect([data, content]).toEqual([{ sum: 3 }, [{ type: 'text', text: '{"sum":3}' }]]);
    const list = await tools.list();
    expectTypeOf(list.data).toEqualTypeOf<string[]>();
    expect(list.data).toEqual(['x', 'y']);
    expect((await tools.o_ping()).data).toBe('pong');
  });

  test('throws what a tool reports as an error', async () => {
    await using client = await open();
    const { tools } = typedClient<typeof server>(client);
    await expect(tools.fail()).rejects.toMatchObject({
      name: 'ToolError',
      message: expect.stringContaining('no'),
      structuredContent: { why: 1 },
    });
    await expect(tools.add({ a: 'x' as never })).rejects.toMatchObject({ name: 'ToolError' });
  });

  test('passes options on, and is no promise itself', async () => {
    await using client = await open();
    const typed = typedClient<typeof server>(client);
    expect(await Promise.resolve(typed.tools)).toBe(typed.tools);
    await expect(typed.tools.o_ping({}, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow(
      'stop',
    );
    expect(typed.client).toBe(client);
  });
});

test('what the server does not offer does not compile', () => {
  const { tools } = typedClient<typeof server>(undefined as never);
  expectTypeOf(tools.add).parameter(0).toEqualTypeOf<{ a: number; b?: number | undefined }>();
  expectTypeOf(tools.o_ping).returns.resolves.toEqualTypeOf<TypedResult<unknown>>();
  const attempt = async (): Promise<void> => {
    // @ts-expect-error a is missing
    await tools.add({ b: 1 });
    // @ts-expect-error there is no such tool
    await tools.subtract({ a: 1 });
  };
  expectTypeOf(attempt).toBeFunction();
});
