import { ErrorCode, type JsonObject, type JsonValue, type ListToolsResult } from '@trunkline/protocol';
import type { Client, ClientOptions } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import { isDefinitionError, type DefinitionError } from './definition-error.ts';
import { createServer, type FastServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

describe.each(['modern', 'legacy'] as const)('the registry, %s', (era) => {
  const open = (server: FastServer, options: ClientOptions = {}): Promise<Client> =>
    connect(server, { eras: [era], ...options });
  const names = async (client: Client): Promise<readonly string[]> =>
    (await client.listTools()).tools.map(({ name }) => name);
  const manyTools = (count: number, options: JsonObject = {}): FastServer => {
    const server = createServer({ ...info, ...options });
    for (let index = 0; index < count; index += 1) server.tool(`t${index}`, () => `${index}`);
    return server;
  };

  test('a server offers what it has been given, and says who it is', async () => {
    await using none = await open(createServer({ ...info, instructions: 'Be kind.' }));
    expect([none.capabilities, none.instructions, none.serverInfo]).toEqual([{}, 'Be kind.', info]);
    await expect(none.listTools()).rejects.toMatchObject({ code: ErrorCode.MethodNotFound });
    const server = createServer({ ...info, title: 'Test', capabilities: { logging: {} } })
      .tool('a', () => 'x')
      .resource('b', 'test://b', () => 'x')
      .prompt('c', () => 'x');
    await using client = await open(server);
    expect(client.capabilities).toEqual({
      logging: {},
      tools: { listChanged: true },
      resources: { listChanged: true, subscribe: true },
      prompts: { listChanged: true },
    });
    expect(client.serverInfo).toEqual({ ...info, title: 'Test' });
  });

  test('entries come, go, hide and change while clients are connected', async () => {
    const server = createServer(info)
      .tool('a', () => 'from a')
      .tool('b', () => 'b')
      .tool('c', () => 'c');
    await using client = await open(server);
    server.tool('d', () => 'd');
    expect(await names(client)).toEqual(['a', 'b', 'c', 'd']);
    server.tools.disable('b');
    expect(server.tools.remove('c')).toBe(true);
    expect(server.tools.remove('c')).toBe(false);
    server.tools.rename('a', 'first');
    server.tools.update('first', { title: 'First', description: 'gone' });
    server.tools.update('first', { description: undefined });
    expect((await client.listTools()).tools).toEqual([
      { name: 'first', title: 'First', inputSchema: { type: 'object', additionalProperties: false } },
      { name: 'd', inputSchema: { type: 'object', additionalProperties: false } },
    ]);
    expect(await client.callTool('first')).toMatchObject({ content: [{ text: 'from a' }] });
    for (const name of ['a', 'b', 'c'])
      await expect(client.callTool(name)).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    server.tools.enable('b');
    expect(await names(client)).toEqual(['first', 'b', 'd']);
    expect(server.tools.keys).toEqual(['first', 'b', 'd']);
    expect([server.tools.has('b'), server.tools.has('c')]).toEqual([true, false]);
  });

  test('a burst of changes reaches a client as one notification', async () => {
    const server = createServer(info)
      .tool('a', () => 'x')
      .prompt('p', () => 'x');
    await using client = await open(server);
    const listening = await client.listen({ toolsListChanged: true, promptsListChanged: true });
    for (let index = 0; index < 50; index += 1) server.tool(`t${index}`, () => 'x');
    server.tools.disable('a');
    server.tools.disable('a');
    server.prompts.disable('p');
    const changes = [];
    for await (const change of listening) {
      changes.push(change.kind);
      if (change.kind === 'prompts') break;
    }
    expect(changes).toEqual(['tools', 'prompts']);
  });

  test('a long list comes in pages that are joined to the whole, in order', async () => {
    const server = manyTools(1_203);
    await using client = await open(server);
    const first = (await client.request('tools/list')) as ListToolsResult;
    expect(first.tools).toHaveLength(500);
    expect(await names(client)).toEqual(Array.from({ length: 1_203 }, (_, index) => `t${index}`));
  });

  test('cursors that were not given out, or for another list, are refused', async () => {
    const server = manyTools(5, { pageSize: 2 });
    await using client = await open(server);
    const { nextCursor } = (await client.request('tools/list')) as ListToolsResult;
    expect(await client.request('tools/list', { cursor: nextCursor })).toMatchObject({
      tools: [{ name: 't2' }, { name: 't3' }],
    });
    for (const cursor of ['', '0', '1', '../../1', '__proto__', { a: 1 }, 1, null, []] as JsonValue[])
      await expect(client.request('tools/list', { cursor })).rejects.toMatchObject({
        code: ErrorCode.InvalidParams,
      });
    server.tools.remove('t0');
    await expect(client.request('tools/list', { cursor: nextCursor })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
    expect(await names(client)).toEqual(['t1', 't2', 't3', 't4']);
  });

  test('the same list has the same cursors on another machine', async () => {
    const cursors = [];
    for (const server of [manyTools(3, { pageSize: 1 }), manyTools(3, { pageSize: 1 })]) {
      await using client = await open(server);
      cursors.push((await client.request('tools/list'))['nextCursor']);
    }
    expect(cursors[0]).toBe(cursors[1]);
  });

  test('a list is written once for all who ask, until it changes', async () => {
    let written = 0;
    const icons = Object.assign([], { toJSON: () => ((written += 1), []) });
    const server = createServer(info).tool('a', { icons }, () => 'x');
    await using one = await open(server);
    await using other = await open(server);
    await Promise.all([one.listTools(), one.listTools(), other.listTools()]);
    expect(written).toBe(1);
    server.tool('b', () => 'x');
    expect(await names(other)).toEqual(['a', 'b']);
    expect(written).toBe(2);
  });

  test('hints on reuse are the same on every page, and safe unless given', async () => {
    const hints = async (server: FastServer): Promise<readonly unknown[]> => {
      await using client = await open(server);
      const { ttlMs, cacheScope } = await client.listTools();
      return [ttlMs, cacheScope];
    };
    const modern = era === 'modern';
    expect(await hints(manyTools(1))).toEqual(modern ? [0, 'private'] : [undefined, undefined]);
    expect(
      await hints(manyTools(3, { pageSize: 1, caching: { ttlMs: 60_000, cacheScope: 'public' } })),
    ).toEqual(modern ? [60_000, 'public'] : [undefined, undefined]);
  });

  test('a call that waits for the user does not go on with another definition', async () => {
    const server = createServer(info).tool('pay', { description: 'Pays 1' }, async (_args, { ask }) => {
      const { action } = await ask.elicit({
        message: 'Sure?',
        requestedSchema: { type: 'object', properties: {} },
      });
      return action;
    });
    await using client = await open(server, {
      onElicit: () => {
        server.tools.update('pay', { description: 'Pays 1000' });
        return { action: 'accept', content: {} };
      },
    });
    const call = client.callTool('pay');
    if (era === 'modern') await expect(call).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    else expect(await call).toMatchObject({ content: [{ text: 'accept' }] });
  });
});

describe('what is refused', () => {
  function refusal(define: (server: FastServer) => unknown): DefinitionError {
    const server = createServer(info).tool('a', () => 'x');
    try {
      define(server);
    } catch (error) {
      expect(server.tools.keys).toEqual(['a']);
      if (isDefinitionError(error)) return error;
    }
    throw new Error('nothing was refused');
  }

  test.each<[code: string, define: (server: FastServer) => unknown]>([
    ['name-taken', (server) => server.tool('a', () => 'y')],
    ['invalid-name', (server) => server.tool('', () => 'y')],
    ['invalid-name', (server) => server.tool('x'.repeat(129), () => 'y')],
    ['invalid-name', (server) => server.tool('a\nb', () => 'y')],
    ['invalid-name', (server) => server.tool(undefined as never, () => 'y')],
    ['unknown-name', (server) => server.tools.disable('b')],
    ['unknown-name', (server) => server.tools.update('b', { title: 'B' })],
    ['name-taken', (server) => server.tool('b', () => 'y').tools.rename('b', 'a')],
    ['bad-schema', (server) => server.tool('b', { input: { type: 'string' } }, () => 'y')],
  ])('%s, case %#', (code, define) => {
    const server = createServer(info).tool('a', () => 'x');
    expect(() => define(server)).toThrow(expect.objectContaining({ code, name: 'DefinitionError' }));
    expect(server.tools.has('a')).toBe(true);
  });

  test('leaves everything as it was', () => {
    const { code, message } = refusal((server) => server.tool('b', { input: { type: 'array' } }, () => 'y'));
    expect(code).toBe('bad-schema');
    expect(message).toBe(
      'bad-schema: tool "b", input: the schema is not one of objects; wrap the value in an object',
    );
  });

  test('is reported and skipped where the server is told to', async () => {
    const refused: string[] = [];
    const server = createServer({ ...info, onRefused: (error) => refused.push(error.code) })
      .tool('good', () => 'x')
      .tool('bad', { input: { type: 'string' } }, () => 'x')
      .tool('better', () => 'x');
    await using client = await connect(server);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['good', 'better']);
    expect(refused).toEqual(['bad-schema']);
  });
});
