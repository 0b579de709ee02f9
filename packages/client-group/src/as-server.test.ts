import type { ElicitResult, JsonObject } from '@trunkline/protocol';
import { connect, type Client, type ClientOptions, type Server } from '@trunkline/session';
import { memoryDial } from '@trunkline/transport-memory';
import { describe, expect, test, vi } from 'vitest';
import { asServer, type RelayOptions } from './as-server.ts';
import { backend, until, type Backend } from './fixtures/backend.ts';
import { ClientGroup } from './group.ts';

const ERAS = ['modern', 'legacy'] as const;
const PAIRS = ERAS.flatMap((outer) => ERAS.map((inner) => ({ outer, inner })));
const FORM = { type: 'object', properties: { name: { type: 'string' } } } as const;

interface Gateway {
  readonly group: ClientGroup;
  readonly server: Server;
  readonly subject: Backend;
  client(options?: ClientOptions): Promise<Client>;
  close(): Promise<void>;
}

/** A group of one server behind a server, each spoken to in its own era. */
async function gateway(
  subject: Backend,
  {
    outer = 'modern',
    inner = 'modern',
    ...options
  }: { outer?: 'modern' | 'legacy'; inner?: 'modern' | 'legacy' } & RelayOptions,
): Promise<Gateway> {
  const group = new ClientGroup({ relay: true });
  await group.connectToServer(subject.dial, { name: 'backend', eras: [inner] });
  const server = asServer(group, options);
  const clients: Client[] = [];
  return {
    group,
    server,
    subject,
    async client(own = {}) {
      const client = await connect(memoryDial(server), { eras: [outer], ...own });
      clients.push(client);
      return client;
    },
    async close() {
      await Promise.all(clients.map((client) => client.close()));
      await server.close({ grace: 0 });
      await group.close();
    },
  };
}

/** Asks two questions, one after the other, and counts how often it ran. */
function asking(): Backend {
  let runs = 0;
  return backend('backend', ['ask', 'count'], async (name, _args, context) => {
    if (name === 'count') return { content: [{ type: 'text', text: String(runs) }] };
    runs += 1;
    const first = await context.ask.elicit({ message: 'first?', requestedSchema: FORM });
    const second = await context.ask.elicit({ message: 'second?', requestedSchema: FORM });
    const names = [first, second].map(({ content }) => String(content?.['name']));
    return { content: [{ type: 'text', text: names.join(' and ') }] };
  });
}

const answering = (name: string): ClientOptions => ({
  onElicit: ({ message }): ElicitResult => ({ action: 'accept', content: { name: `${name} ${message}` } }),
});

describe.each(PAIRS)('a $outer client of a $inner server', ({ outer, inner }) => {
  test('sees what the group offers and calls it', async () => {
    const subject = backend('backend', ['x']);
    const relay = await gateway(subject, { outer, inner });
    const client = await relay.client();
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['x']);
    expect(await client.callTool('x')).toMatchObject({ content: [{ text: 'backend:x' }] });
    await expect(client.callTool('y')).rejects.toMatchObject({ code: -32602 });
    await relay.close();
  });

  test('answers what the server asks, in one call of the server', async () => {
    const relay = await gateway(asking(), { outer, inner });
    const client = await relay.client(answering('ada'));
    expect(await client.callTool('ask')).toMatchObject({ content: [{ text: 'ada first? and ada second?' }] });
    const runs = await client.callTool('count');
    // A modern server is called again with each answer by its own rules; a legacy one must never be.
    if (inner === 'legacy') expect(runs).toMatchObject({ content: [{ text: '1' }] });
    await relay.close();
  });

  test('hears progress, and is heard when it gives up', async () => {
    const given = vi.fn<() => void>();
    const subject = backend('backend', ['slow'], async (_name, _args, context) => {
      await context.progress(1, 2, 'half');
      return new Promise((_, reject) => {
        context.signal.addEventListener('abort', () => {
          given();
          reject(new Error('stopped'));
        });
      });
    });
    const relay = await gateway(subject, { outer, inner });
    const client = await relay.client();
    const stop = new AbortController();
    const reports: unknown[] = [];
    const call = client.callTool(
      'slow',
      {},
      { signal: stop.signal, onProgress: (report) => reports.push(report) },
    );
    const failed = call.catch((error: unknown) => error);
    await until(() => reports.length === 1, 'progress');
    expect(reports).toEqual([{ progress: 1, total: 2, message: 'half' }]);
    stop.abort(new Error('enough'));
    expect(await failed).toMatchObject({ message: 'enough' });
    await until(() => given.mock.calls.length === 1, 'the server to hear it');
    await relay.close();
  });

  test('hears of changes, and of updates of a resource it follows', async () => {
    const subject = backend('backend', ['x']);
    subject.server.handle('resources/list' as string, () => ({
      resources: [{ name: 'r', uri: 'file:///r' }],
    }));
    const relay = await gateway(subject, { outer, inner });
    const client = await relay.client();
    const listening = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['file:///r'] });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const change of listening) seen.push(change);
    })();
    subject.offer('y');
    await until(() => seen.length === 1, 'a change');
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['y']);
    await until(() => {
      subject.server.changed({ kind: 'resource', uri: 'file:///r' });
      return seen.length > 1;
    }, 'an update');
    expect(seen[1]).toEqual({ kind: 'resource', uri: 'file:///r' });
    await listening.close();
    await reading;
    await relay.close();
  });
});

describe('a call that waits for answers', () => {
  const asked = async (client: Client): Promise<JsonObject> =>
    await client.callTool('ask', {}, { inputRequired: 'return' });
  const answers = ({ inputRequests }: JsonObject): JsonObject =>
    Object.fromEntries(
      Object.keys(inputRequests as JsonObject).map((key) => [
        key,
        { action: 'accept', content: { name: key } },
      ]),
    );
  const again = (client: Client, state: JsonObject): Promise<JsonObject> =>
    client.request(
      'tools/call',
      {
        name: 'ask',
        arguments: {},
        requestState: state['requestState'] as string,
        inputResponses: answers(state),
      },
      { inputRequired: 'return' },
    );

  test('goes on where it was, and cannot be taken up twice', async () => {
    const relay = await gateway(asking(), { inner: 'legacy' });
    const client = await relay.client(answering('x'));
    const first = await asked(client);
    expect(first).toMatchObject({ resultType: 'input_required' });
    const second = await again(client, first);
    expect(second).toMatchObject({ resultType: 'input_required' });
    await expect(again(client, first)).rejects.toMatchObject({ code: -32602 });
    expect(await again(client, second)).toMatchObject({ content: [{ type: 'text' }] });
    expect(await client.callTool('count')).toMatchObject({ content: [{ text: '1' }] });
    await relay.close();
  });

  test('is refused, and not made again, when its server went away meanwhile', async () => {
    const relay = await gateway(asking(), { inner: 'legacy' });
    const client = await relay.client(answering('x'));
    const first = await asked(client);
    await relay.subject.links[0]?.close();
    await expect(again(client, first)).rejects.toMatchObject({ code: -32603 });
    expect(await client.callTool('count')).toMatchObject({ content: [{ text: '1' }] });
    await relay.close();
  });

  test('is bounded in number', async () => {
    const relay = await gateway(asking(), { inner: 'legacy', maxParked: 1 });
    const client = await relay.client(answering('x'));
    await asked(client);
    await expect(asked(client)).rejects.toMatchObject({ code: -32602 });
    await relay.close();
  });

  test.each(ERAS)('never asks the user of somebody else, %s', async (outer) => {
    const subject = backend('backend', ['ask'], async (_name, args, context) => {
      const who = args['who'] as string;
      const { content } = await context.ask.elicit({ message: who, requestedSchema: FORM });
      return { content: [{ type: 'text', text: `${who} got ${String(content?.['name'])}` }] };
    });
    const relay = await gateway(subject, { inner: 'legacy', outer });
    const clients = await Promise.all(['one', 'two'].map((name) => relay.client(answering(name))));
    const call = (client: Client, who: string): Promise<unknown> => client.callTool('ask', { who });
    const outcomes = await Promise.allSettled([
      call(clients[0] as Client, 'one'),
      call(clients[1] as Client, 'two'),
    ]);
    const texts = outcomes.map((outcome) => JSON.stringify(outcome));
    expect(texts.join()).not.toMatch(/one got two|two got one/);
    expect(texts.join()).toMatch(/rejected/);
    expect(await call(clients[1] as Client, 'two')).toMatchObject({ content: [{ text: 'two got two two' }] });
    await relay.close();
  });
});

test('without a relay a server is told that nobody can be asked', async () => {
  const group = new ClientGroup();
  await group.connectToServer(asking().dial, { name: 'backend' });
  const server = asServer(group);
  const client = await connect(memoryDial(server), answering('x'));
  await expect(client.callTool('ask')).rejects.toMatchObject({ code: -32021 });
  await client.close();
  await server.close();
  await group.close();
});
