import type { JsonObject } from '@trunkline/protocol';
import { connect, Server, type Client, type ClientOptions } from '@trunkline/session';
import { afterEach, describe, expect, test } from 'vitest';
import { witness } from '../src/witness.ts';

function makeServer(): Server {
  const server = new Server(
    { name: 'test-server', version: '1.2.3' },
    { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } },
  );
  server.handle('tools/list', () => ({ tools: [{ name: 'greet', inputSchema: { type: 'object' } }] }));
  server.handle('tools/call', async ({ name, arguments: args = {} }, context) => {
    if (name === 'greet') {
      await context.progress(1, 2, 'asking');
      const { content } = await context.ask.elicit({
        message: 'Your name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return { content: [{ type: 'text', text: `hi ${String(content?.['name'])}` }] };
    }
    if (name === 'add')
      return { content: [], structuredContent: { sum: Number(args['a']) + Number(args['b']) } };
    return new Promise((_, reject) => {
      context.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      aborted.start();
    });
  });
  return server;
}

const aborted = { start: (): void => {} };

/** Whatever the tests put on a wire is what its revision says, where the official schemas are there to tell. */
const wire = witness();
afterEach(() => wire.verify());

describe.each(['modern', 'legacy'] as const)('%s over memory', (era) => {
  async function open(server: Server, options: ClientOptions = {}): Promise<Client> {
    return connect(wire.dial(server), { eras: [era], ...options });
  }

  test('the session says who the server is', async () => {
    await using client = await open(makeServer());
    expect(client.era).toBe(era);
    expect(client.serverInfo).toEqual({ name: 'test-server', version: '1.2.3' });
    expect(client.capabilities).toEqual({ tools: { listChanged: true }, resources: { subscribe: true } });
    await client.ping();
  });

  test('a handler asks the user and reports progress', async () => {
    const progress: JsonObject[] = [];
    await using client = await open(makeServer(), {
      onElicit: (params) => ({ action: 'accept', content: { name: `ada (${params.message})` } }),
    });
    const result = await client.callTool(
      'greet',
      {},
      { onProgress: (report) => progress.push({ ...report }) },
    );
    expect(result.content).toEqual([{ type: 'text', text: 'hi ada (Your name?)' }]);
    expect(progress).toEqual([{ progress: 1, total: 2, message: 'asking' }]);
  });

  test('structured content comes through', async () => {
    await using client = await open(makeServer());
    expect((await client.callTool('add', { a: 1, b: 2 })).structuredContent).toEqual({ sum: 3 });
  });

  test('changes reach who follows them', async () => {
    const server = makeServer();
    await using client = await open(server);
    const listening = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
    server.changed({ kind: 'tools' });
    server.changed({ kind: 'resource', uri: 'file:///b' });
    server.changed({ kind: 'resource', uri: 'file:///a' });
    const seen = [];
    for await (const change of listening) {
      seen.push(change);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([{ kind: 'tools' }, { kind: 'resource', uri: 'file:///a' }]);
  });

  test('an aborted call rejects with the reason and reaches the handler', async () => {
    await using client = await open(makeServer());
    const stop = new AbortController();
    const started = new Promise<void>((resolve) => (aborted.start = resolve));
    const call = client.callTool('hang', {}, { signal: stop.signal });
    await started;
    stop.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});

test('a client of both eras prefers the modern one', async () => {
  await using client = await connect(wire.dial(makeServer()));
  expect(client.revision).toBe('2026-07-28');
});

test.each(['modern', 'legacy'] as const)('an accepted form has its defaults filled in, %s', async (era) => {
  const server = new Server({ name: 's', version: '1' });
  server.handle('tools/call', async (_params, context) => {
    const properties = {
      age: { type: 'integer', default: 30 },
      name: { type: 'string', default: 'John' },
    } as const;
    const answer = await context.ask.elicit({
      message: 'Who?',
      requestedSchema: { type: 'object', properties },
    });
    return { content: [], structuredContent: { ...answer.content } };
  });
  await using client = await connect(wire.dial(server), {
    eras: [era],
    onElicit: () => ({ action: 'accept', content: { name: 'Ada' } }),
  });
  expect((await client.callTool('ask')).structuredContent).toEqual({ age: 30, name: 'Ada' });
});
