import {
  invalidParams,
  LATEST,
  resourceNotFound,
  revisionsOf,
  type ClientCapabilities,
  type RequestedSchema,
} from '@trunkline/protocol';
import { connect, Server, type Client, type ClientOptions } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import { missingShared } from '../src/official-schema.ts';
import { turn, within } from '../src/within.ts';
import { witness, type Witness } from '../src/witness.ts';

const FORM: RequestedSchema = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, default: 'ada' },
    size: { type: 'integer', minimum: 1 },
    sure: { type: 'boolean' },
    colour: { type: 'string', enum: ['red', 'green'] },
  },
  required: ['name'],
};

/** What a session may be used for, in words that both eras share. */
function everything(): Server {
  const server = new Server(
    { name: 'wire', version: '1', title: 'On the wire' },
    {
      instructions: 'Use it.',
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
        extensions: { 'com.example/extension': {} },
      },
      discoverCaching: { ttlMs: 1000, cacheScope: 'public' },
    },
  );
  const annotations = { audience: ['user' as const], priority: 0.5, lastModified: '2026-01-01T00:00:00Z' };
  const icons = [{ src: 'https://example.com/i.png', mimeType: 'image/png', sizes: ['48x48'] }];
  const text = { type: 'text', text: 'text', annotations } as const;
  const schema = { type: 'object', properties: { a: { type: 'number' } } } as const;
  server
    .handle('tools/list', ({ cursor }) => ({
      tools: [
        {
          name: 'a',
          title: 'A',
          icons,
          inputSchema: schema,
          outputSchema: schema,
          annotations: { readOnlyHint: true },
        },
      ],
      ...(cursor === undefined && { nextCursor: 'more' }),
    }))
    .handle('tools/call', async ({ name }, context) => {
      if (name === 'ask') {
        const [form, url, model, { roots }] = await Promise.all([
          context.ask.elicit({ message: 'Form?', requestedSchema: FORM }),
          context.ask.elicit({ mode: 'url', message: 'Page?', url: 'https://example.com' }),
          context.ask.sample({
            messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }],
            maxTokens: 9,
          }),
          context.ask.roots(),
        ]);
        const said = JSON.stringify([form.action, url.action, model.model, roots.length]);
        return { content: [{ type: 'text', text: said }] };
      }
      if (name === 'sample') {
        const { model } = await context.ask.sample({
          messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }],
          maxTokens: 9,
        });
        return { content: [{ type: 'text', text: model }] };
      }
      await context.progress(1, 2, 'half');
      await context.log('info', { some: 'thing' }, 'logger');
      return {
        content: [
          text,
          { type: 'image', data: 'AAAA', mimeType: 'image/png' },
          { type: 'audio', data: 'AAAA', mimeType: 'audio/wav' },
          { type: 'resource', resource: { uri: 'file:///a', text: 'a' } },
          { type: 'resource_link', uri: 'file:///a', name: 'a' },
        ],
        structuredContent: { a: 1 },
        isError: false,
      };
    })
    .handle('prompts/list', () => ({
      prompts: [{ name: 'p', title: 'P', arguments: [{ name: 'x', required: true }] }],
    }))
    .handle('prompts/get', ({ name }) => {
      if (name === 'missing') throw invalidParams('Unknown prompt: missing');
      return { messages: [{ role: 'user', content: text }] };
    })
    .handle('resources/list', () => ({
      resources: [{ uri: 'file:///a', name: 'a', title: 'A', size: 1, annotations }],
    }))
    .handle('resources/templates/list', () => ({
      resourceTemplates: [{ uriTemplate: 'file:///{x}', name: 't' }],
    }))
    .handle('resources/read', ({ uri }) => {
      if (uri === 'file:///missing') throw resourceNotFound(uri);
      return {
        contents: [
          { uri, text: 'a' },
          { uri, blob: 'AAAA' },
        ],
        ttlMs: 5,
      };
    })
    .handle('completion/complete', () => ({ completion: { values: ['a'], total: 1, hasMore: false } }));
  return server;
}

const ANSWERS: ClientOptions = {
  info: { name: 'client', version: '1' },
  onElicit: ({ mode }) => ({
    action: 'accept',
    ...(mode !== 'url' && { content: { name: 'ada', size: 2, sure: true } }),
  }),
  onSample: () => ({
    role: 'assistant',
    model: 'm',
    stopReason: 'endTurn',
    content: { type: 'text', text: 'hi' },
  }),
  roots: [{ uri: 'file:///a', name: 'a' }],
  capabilities: { elicitation: { form: {}, url: {} }, sampling: {} } satisfies ClientCapabilities,
};

/** Uses everything that any revision has. */
async function useEverything(client: Client, server: Server): Promise<void> {
  await client.ping();
  await client.setLoggingLevel('info');
  await client.listTools();
  await client.listPrompts();
  await client.listResources();
  await client.listResourceTemplates();
  await client.callTool(
    'report',
    { a: 1 },
    { onProgress() {}, meta: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' } },
  );
  await client.readResource('file:///a');
  await client.getPrompt('p', { x: '1' });
  const argument = { name: 'x', value: '' };
  await client.complete({
    ref: { type: 'ref/prompt', name: 'p' },
    argument,
    context: { arguments: { y: '1' } },
  });
  await client.complete({ ref: { type: 'ref/resource', uri: 'file:///{x}' }, argument });
  await client.callTool('sample');
  await client.readResource('file:///missing').catch(() => {});
  await client.getPrompt('missing').catch(() => {});
  const stop = new AbortController();
  const aborted = client.callTool('ask', {}, { signal: stop.signal }).catch(() => {});
  stop.abort();
  await aborted;
  await client.rootsChanged();
  const listening = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
  server.changed({ kind: 'tools' });
  server.changed({ kind: 'resource', uri: 'file:///a' });
  let seen = 0;
  for await (const _change of listening) if ((seen += 1) === 2) break;
  await turn();
}

async function open(server: Server, watching: Witness, options: ClientOptions): Promise<Client> {
  return within(connect(watching.dial(server), { ...ANSWERS, ...options }), () => 'connecting');
}

/** A server that agrees on this legacy revision, whatever it is asked for. */
function agreeingOn(revision: string): Server {
  const server = everything();
  return server.use((next) => (params, context) => {
    return next(context.method === 'initialize' ? { ...params, protocolVersion: revision } : params, context);
  });
}

const ANSWERED = [
  'tools/list',
  'tools/call',
  'prompts/list',
  'prompts/get',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'completion/complete',
];

/** What has to be seen on every wire, so that nothing is judged in vain. */
const ALWAYS = [
  ...ANSWERED,
  ...ANSWERED.map((method) => `answer to ${method}`),
  'notifications/progress',
  'notifications/message',
  'notifications/cancelled',
  'notifications/tools/list_changed',
  'notifications/resources/updated',
];

const MODERN = [
  'server/discover',
  'answer to server/discover',
  'subscriptions/listen',
  'notifications/subscriptions/acknowledged',
];

const LEGACY = [
  'answer to initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
  'sampling/createMessage',
  'answer to sampling/createMessage',
  'notifications/initialized',
  'notifications/roots/list_changed',
];

describe.skipIf(missingShared !== undefined)(
  'every message is what its revision says (needs ../shared)',
  () => {
    test('modern', async () => {
      const watching = witness();
      const server = everything();
      const client = await open(server, watching, { eras: ['modern'] });
      await useEverything(client, server);
      expect((await client.callTool('ask')).content).toMatchObject([{ text: '["accept","accept","m",1]' }]);
      await Promise.all([server.close(), client.close()]);
      expect(watching.objections).toEqual([]);
      expect([...(watching.judged.get(LATEST.modern) ?? [])]).toEqual(
        expect.arrayContaining([...ALWAYS, ...MODERN]),
      );
    });

    test.each(revisionsOf('legacy'))('%s', async (revision) => {
      const watching = witness();
      const server = agreeingOn(revision);
      const client = await open(server, watching, { eras: ['legacy'] });
      expect(client.revision).toBe(revision);
      await useEverything(client, server);
      await client.callTool('ask').catch(() => {});
      await Promise.all([server.close(), client.close()]);
      expect(watching.objections).toEqual([]);
      expect([...(watching.judged.get(revision) ?? [])]).toEqual(
        expect.arrayContaining([...ALWAYS, ...LEGACY]),
      );
    });

    test('while the era is found out', async () => {
      const watching = witness();
      const server = new Server({ name: 'old', version: '1' }, { eras: ['legacy'] });
      const client = await open(server, watching, {});
      expect(client.era).toBe('legacy');
      await client.close();
      await server.close();
      expect(watching.objections).toEqual([]);
    });
  },
);

test('a witness sees what is wrong (needs ../shared)', { skip: missingShared !== undefined }, async () => {
  const watching = witness();
  const server = new Server({ name: 's', version: '1' }).handle(
    'tools/list',
    () => ({ tools: [{ name: 7, inputSchema: {} }] }) as never,
  );
  const client = await connect(watching.dial(server), { eras: ['modern'] });
  await client.listTools().catch(() => {});
  await client.close();
  expect(watching.objections.join('\n')).toContain('name');
});
