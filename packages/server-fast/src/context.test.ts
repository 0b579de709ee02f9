import { ErrorCode, LATEST } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { memoryStore } from '@trunkline/store';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { asCaller } from './fixtures/as-caller.ts';
import type { Context } from './context.ts';
import { serve } from './serve.ts';
import { createServer, type FastServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

describe.each(['modern', 'legacy'] as const)('the context, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });
  const text = async (client: Client, tool: string, args = {}): Promise<string | undefined> => {
    const [block] = (await client.callTool(tool, args)).content;
    return block?.type === 'text' ? block.text : undefined;
  };
  const counting = (server: FastServer): FastServer => {
    const count = (state: 'session' | 'principal') => async (_args: object, context: Context) =>
      JSON.stringify(await context.state[state].update('calls', (calls) => Number(calls ?? 0) + 1));
    return server.tool('session', count('session')).tool('principal', count('principal'));
  };

  test('tells who asks, in which era, and what the transport knows', async () => {
    const server = createServer(info).tool('who', (_args, context) => ({
      era: context.era,
      revision: context.revision,
      client: context.clientInfo?.name,
      user: context.auth?.subject,
      session: context.session !== undefined,
    }));
    const auth = { clientId: 'app', subject: 'ada', scopes: [] };
    await using client = await open(asCaller(server, auth));
    expect((await client.callTool('who')).structuredContent).toEqual({
      era,
      revision: client.revision,
      client: 'trunkline',
      user: 'ada',
      session: true,
    });
  });

  test('state of a session is its own', async () => {
    const server = counting(createServer(info));
    await using one = await open(server);
    await using other = await open(server);
    expect([await text(one, 'session'), await text(one, 'session'), await text(other, 'session')]).toEqual([
      '1',
      '2',
      '1',
    ]);
  });

  test('state of a principal is the same on every link and in every process with the same store', async () => {
    const store = memoryStore();
    const servers = [counting(createServer({ ...info, store })), counting(createServer({ ...info, store }))];
    const seen: (string | undefined)[] = [];
    for (const [index, subject] of [
      [0, 'ada'],
      [1, 'ada'],
      [0, 'bob'],
    ] as const) {
      const server = servers[index] as FastServer;
      await using client = await open(asCaller(server, { clientId: 'app', subject, scopes: [] }));
      seen.push(await text(client, 'principal'));
    }
    expect(seen).toEqual(['1', '2', '1']);
    await using client = await open(createServer({ ...info, name: 'another', store }).tool('get', getCalls));
    expect(await text(client, 'get')).toBe('none');
  });

  test('state of a caller nobody verified is that of the link', async () => {
    const server = counting(createServer(info));
    await using one = await open(server);
    await using other = await open(server);
    expect([
      await text(one, 'principal'),
      await text(one, 'session'),
      await text(other, 'principal'),
    ]).toEqual(['1', '2', '1']);
  });

  test('state is set, read, deleted, and changed by many at once', async () => {
    const server = createServer(info)
      .tool('cycle', async (_args, { state: { session } }) => {
        const before = await session.get('a');
        await session.set('a', { deep: [1, null] });
        const after = await session.get('a');
        const deleted = [await session.delete('a'), await session.delete('a')];
        const gone = await session.update('a', () => undefined);
        return JSON.stringify([before ?? 'none', after, deleted, gone ?? 'none']);
      })
      .tool('race', async (_args, { state: { session } }) => {
        const add = () => session.update('n', (n) => Number(n ?? 0) + 1);
        await Promise.all(Array.from({ length: 20 }, add));
        return JSON.stringify(await session.get('n'));
      })
      .tool('long', async (_args, { state: { session } }) => {
        await session.set('x'.repeat(2000), 1);
        return 'x';
      });
    await using client = await open(server);
    expect(await text(client, 'cycle')).toBe('["none",{"deep":[1,null]},[true,false],"none"]');
    expect(await text(client, 'race')).toBe('20');
    await expect(client.callTool('long')).rejects.toMatchObject({ code: ErrorCode.InternalError });
  });

  test('what lifespan opened is there before the first call and closed with the server', async () => {
    const events: string[] = [];
    const server = createServer({
      ...info,
      lifespan: async () => {
        await Promise.resolve();
        events.push('opened');
        return { answer: 42, [Symbol.asyncDispose]: async () => void events.push('closed') };
      },
    }).tool('ask', (_args, context) => {
      expectTypeOf(context.values.answer).toEqualTypeOf<number>();
      return `${context.values.answer}`;
    });
    expect(events).toEqual([]);
    const clients = await Promise.all([open(server), open(server)]);
    expect(await Promise.all(clients.map((client) => text(client, 'ask')))).toEqual(['42', '42']);
    for (const client of clients) await client.close();
    expect(events).toEqual(['opened']);
    await Promise.all([server.close(), server.close()]);
    expect(events).toEqual(['opened', 'closed']);
  });

  test('a lifespan that fails keeps the server from serving', async () => {
    const failure = new Error('no database');
    const server = createServer({
      ...info,
      lifespan: () => {
        throw failure;
      },
    }).tool('t', () => 'x');
    let listened = false;
    const listener = { listen: () => ((listened = true), Promise.reject(new Error('unreached'))) };
    await expect(serve(server, listener as never)).rejects.toBe(failure);
    expect(listened).toBe(false);
    await expect(server.open()).rejects.toBe(failure);
  });

  test('a request on its own waits for what is opened, or is told that there is none', async () => {
    const heard: unknown[] = [];
    const failure = new Error('no database');
    let fails = true;
    const server = createServer({
      ...info,
      onError: (error) => heard.push(error),
      lifespan: async () => {
        if (fails) throw failure;
        return { answer: 42 };
      },
    }).tool('t', (_args, { values }) => `${values.answer}`);
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': LATEST.modern,
      'io.modelcontextprotocol/clientCapabilities': {},
    };
    const call = (): Promise<unknown> =>
      new Promise((resolve) => {
        const exchange = { signal: new AbortController().signal, origin: {}, scope: {}, end: () => {} };
        const params = { name: 't', ...(era === 'modern' && { _meta }) };
        server.exchange(
          { jsonrpc: '2.0', id: 1, method: 'tools/call', params },
          { ...exchange, send: async (message) => resolve(message) },
        );
      });
    expect(await call()).toMatchObject({ id: 1, error: { code: ErrorCode.InternalError } });
    expect(heard).toEqual([failure]);
    fails = false;
    expect(await call()).toMatchObject({ id: 1, result: { content: [{ text: '42' }] } });
    await server.close();
  });

  test('a handler reads other resources as its caller may', async () => {
    const server = createServer(info)
      .resource('a', 'test://a', () => 'A')
      .resourceTemplate('b', 'test://b/{id}', ({ id }) => `B ${id}`)
      .resource('secret', 'test://secret', { scopes: ['admin'] }, () => 'S')
      .tool(
        'read',
        { input: { type: 'object', properties: { uri: { type: 'string' } } } },
        async ({ uri = '' }, context) => {
          const { contents } = await context.readResource(uri);
          return JSON.stringify(contents);
        },
      );
    await using client = await open(server);
    expect(await text(client, 'read', { uri: 'test://a' })).toBe('[{"uri":"test://a","text":"A"}]');
    expect(await text(client, 'read', { uri: 'test://b/1' })).toBe('[{"uri":"test://b/1","text":"B 1"}]');
    for (const uri of ['test://secret', 'test://none'])
      await expect(client.callTool('read', { uri })).rejects.toMatchObject({ data: { uri } });
  });
});

test('the type of the context follows from the lifespan', () => {
  createServer({ ...info, lifespan: () => ({ db: 'x' }) }).resource('r', 'test://r', (_uri, context) => {
    expectTypeOf(context).toEqualTypeOf<Context<{ db: string }>>();
    return context.values.db;
  });
});

async function getCalls(_args: object, { state }: Context): Promise<string> {
  return (await state.principal.get('calls')) === undefined ? 'none' : 'some';
}
