import type { JsonObject } from '@trunkline/protocol';
import { expect, expectTypeOf, test } from 'vitest';
import { connected } from './fixtures/connected.ts';
import type { Script } from './fixtures/scripted-server.ts';
import { rejection, turn, within } from './fixtures/within.ts';
import { responseCache } from './layers/cache.ts';
import type { OutputSchema } from './typed-output.ts';

const sum: OutputSchema<{ sum: number }> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value) =>
      typeof (value as { sum?: unknown } | undefined)?.sum === 'number'
        ? { value: value as { sum: number } }
        : { issues: [{ message: 'sum is no number' }] },
  },
};

function pages(...names: string[][]): Script {
  return {
    'tools/list': ({ id, params }, far) => {
      const page = Number(params?.['cursor'] ?? 0);
      const tools = (names[page] ?? []).map((name): JsonObject => ({
        name,
        inputSchema: { type: 'object' },
      }));
      const next = page + 1 < names.length ? { nextCursor: String(page + 1) } : {};
      far.say({
        jsonrpc: '2.0',
        id: id ?? 0,
        result: { tools, ttlMs: 60_000, cacheScope: 'public', ...next },
      });
    },
  };
}

test('the items of a list come one by one, each page when it is needed', async () => {
  const { client, far } = await connected('modern', pages(['a', 'b'], ['c'], ['d']));
  const names: string[] = [];
  for await (const { name } of client.iterate('tools')) {
    names.push(name);
    if (name === 'c') break;
  }
  expect(names).toEqual(['a', 'b', 'c']);
  expect(far.heard.filter(({ method }) => method === 'tools/list')).toHaveLength(2);
  await client.close();
});

test('structured content is what the schema of the caller makes of it', async () => {
  const results: JsonObject[] = [
    { structuredContent: { sum: 3 } },
    { structuredContent: {} },
    { isError: true },
  ];
  const { client } = await connected('modern', {
    'tools/call': ({ id }, far) =>
      far.say({ jsonrpc: '2.0', id: id ?? 0, result: { content: [], ...results.shift() } }),
  });
  const { structuredContent } = await client.callTool('add', {}, { output: sum });
  expectTypeOf(structuredContent).toEqualTypeOf<{ sum: number } | undefined>();
  expect(structuredContent).toEqual({ sum: 3 });
  expect(await rejection(client.callTool('add', {}, { output: sum }))).toMatchObject({
    code: 'unexpected-shape',
  });
  expect(await client.callTool('add', {}, { output: sum })).toMatchObject({ isError: true });
  await client.close();
});

test('a cache answers until the server says that something changed', async () => {
  const acknowledged = 'notifications/subscriptions/acknowledged';
  const marked = (id: unknown): JsonObject => ({ 'io.modelcontextprotocol/subscriptionId': id as number });
  const { client, far } = await connected(
    'modern',
    {
      ...pages(['a']),
      'subscriptions/listen': ({ id, params }, wire) =>
        wire.say({
          jsonrpc: '2.0',
          method: acknowledged,
          params: { notifications: params?.['notifications'] ?? {}, _meta: marked(id) },
        }),
    },
    { cache: responseCache() },
  );
  const lists = (): number => far.heard.filter(({ method }) => method === 'tools/list').length;
  await client.listTools();
  await client.listTools();
  expect(lists()).toBe(1);
  const listening = await client.listen({ toolsListChanged: true });
  const id = far.heard.findLast(({ method }) => method === 'subscriptions/listen')?.id;
  far.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed', params: { _meta: marked(id) } });
  await turn();
  await client.listTools();
  expect(lists()).toBe(2);
  await listening.close();
  await client.close();
});

test('progress of an answer is reported under the token of the request', async () => {
  const { client, far } = await connected('legacy');
  await client.sendProgress('t', { progress: 1, total: 2, message: 'half' });
  const report = await within(
    far.next(({ method }) => method === 'notifications/progress'),
    'a report',
  );
  expect(report.params).toEqual({ progressToken: 't', progress: 1, total: 2, message: 'half' });
  await client.close();
});

test('a client may bound every call in all', async () => {
  const { client, clock } = await connected('modern', {}, { maxTotalTimeout: 1_000 });
  const failing = rejection(client.callTool('hang'));
  await turn();
  clock.advance(1_000);
  expect(await failing).toMatchObject({ code: 'timed-out' });
  await client.close();
});
