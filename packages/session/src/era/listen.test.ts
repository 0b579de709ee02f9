import type { JsonObject } from '@trunkline/protocol';
import type { AuthInfo } from '@trunkline/transport';
import { describe, expect, test, vi } from 'vitest';
import { answerTo, ask, cancelled, modern, served, type Served } from '../fixtures/served.ts';
import { turn, watch } from '../fixtures/within.ts';
import type { Wire } from '../fixtures/wire.ts';
import { Subscriptions } from '../subscriptions.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const EVERYTHING = {
  tools: { listChanged: true },
  prompts: { listChanged: true },
  resources: { listChanged: true, subscribe: true },
};

function listen(id: string | number, notifications: unknown): JsonObject {
  return modern(id, 'subscriptions/listen', { notifications } as JsonObject);
}

async function listening(
  notifications: JsonObject,
  options: Parameters<typeof served>[0] = { capabilities: EVERYTHING },
): Promise<Served & { far: Wire; acknowledged: JsonObject | undefined }> {
  const subject = served(options);
  const far = await subject.dial();
  far.say(listen('s', notifications));
  const { params } = await far.next('notifications/subscriptions/acknowledged');
  return { ...subject, far, acknowledged: params };
}

/** What was sent for a subscription: the method, or the URI. */
function heardFor(far: Wire, id: string | number): unknown[] {
  const own = far.heard.filter(
    ({ params }) => (params?.['_meta'] as JsonObject | undefined)?.[SUBSCRIPTION] === id,
  );
  return own.map(({ method, params }) => params?.['uri'] ?? method);
}

describe('a subscription', () => {
  test('begins with what is honoured of its filter', async () => {
    const { acknowledged, far } = await listening(
      { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['file:///a'] },
      { capabilities: { tools: { listChanged: true }, prompts: {}, resources: { listChanged: true } } },
    );
    expect(acknowledged).toEqual({
      notifications: { toolsListChanged: true },
      _meta: { [SUBSCRIPTION]: 's' },
    });
    expect(far.heard).toHaveLength(1);
  });

  test('passes on what it asked for and nothing else, marked as its own', async () => {
    const { server, far } = await listening({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
    for (const kind of ['tools', 'prompts', 'resources'] as const) server.changed({ kind });
    for (const uri of ['file:///a', 'file:///b']) server.changed({ kind: 'resource', uri });
    await turn();
    expect(heardFor(far, 's').slice(1)).toEqual(['notifications/tools/list_changed', 'file:///a']);
    expect(far.heard).toHaveLength(3);
  });

  test('is acknowledged before its first change, also to a reader that has no room', async () => {
    const { server, dial } = served({ capabilities: EVERYTHING });
    const far = await dial();
    const release = far.stall();
    far.say(listen('s', { toolsListChanged: true }));
    for (let count = 0; count < 100; count += 1) {
      server.changed({ kind: 'tools' });
      await turn();
    }
    release();
    await turn();
    // One change was on its way while the others came together.
    const [first, ...changes] = heardFor(far, 's');
    expect(first).toBe('notifications/subscriptions/acknowledged');
    expect(changes.length).toBeLessThanOrEqual(2);
  });

  test('costs a reader that has no room one notification per thing followed', async () => {
    const { server, far } = await listening({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
    const release = far.stall();
    for (let count = 0; count < 1000; count += 1) {
      server.changed({ kind: 'tools' });
      server.changed({ kind: 'resource', uri: 'file:///a' });
      if (count % 100 === 0) await turn();
    }
    release();
    await turn();
    expect(far.heard.length).toBeLessThanOrEqual(5);
  });

  test('ends without an answer when the client cancels it', async () => {
    const { server, far } = await listening({ toolsListChanged: true });
    far.say(cancelled('s'));
    await turn();
    server.changed({ kind: 'tools' });
    await turn();
    expect(far.heard).toHaveLength(1);
    far.say(listen('s', { toolsListChanged: true }));
    await far.next('notifications/subscriptions/acknowledged');
  });

  test('leaves nothing behind, whoever ends it', async () => {
    const add = vi.spyOn(Subscriptions.prototype, 'add');
    const { server, far } = await listening({ toolsListChanged: true });
    const [subscriptions] = add.mock.contexts as [Subscriptions];
    add.mockRestore();
    far.say(listen(2, { toolsListChanged: true }));
    await far.next('notifications/subscriptions/acknowledged');
    expect(subscriptions.open).toBe(2);
    far.say(cancelled('s'));
    await turn();
    expect(subscriptions.open).toBe(1);
    await server.close();
    expect(subscriptions.open).toBe(0);
  });

  test('ends with a result when the server closes, before the link does', async () => {
    const { server, far } = await listening({ toolsListChanged: true });
    const closing = server.close();
    const answer = await answerTo(far, 's');
    expect(answer.result).toMatchObject({ resultType: 'complete', _meta: { [SUBSCRIPTION]: 's' } });
    await closing;
    expect(far.closes).toBe(1);
  });

  test('lives longer than any handler may run, beside others on the same link', async () => {
    const { server, far, clock } = await listening({ toolsListChanged: true });
    far.say(listen(2, { promptsListChanged: true }));
    await far.next('notifications/subscriptions/acknowledged');
    clock.advance(24 * 3600 * 1000);
    server.changed({ kind: 'tools' });
    server.changed({ kind: 'prompts' });
    await turn();
    expect(heardFor(far, 's')).toHaveLength(2);
    expect(heardFor(far, 2)).toHaveLength(2);
    expect(clock.armed).toBe(0);
  });

  const broken: [string, unknown][] = [
    ['nothing', undefined],
    ['a list', []],
    ['a URI that is no text', { resourceSubscriptions: [7] }],
    ['URIs that are no list', { resourceSubscriptions: 'file:///a' }],
    ['too many URIs', { resourceSubscriptions: Array.from({ length: 1025 }, (_, at) => `file:///${at}`) }],
    ['a URI that is too long', { resourceSubscriptions: ['x'.repeat(10_000)] }],
  ];

  test.each(broken)('with %s for a filter is refused', async (_name, notifications) => {
    const { dial } = served({ capabilities: EVERYTHING });
    const far = await dial();
    expect(await ask(far, listen(1, notifications))).toMatchObject({ error: { code: -32602 } });
    expect(far.heard).toHaveLength(1);
  });
});

describe('the number of subscriptions', () => {
  const ada: AuthInfo = { clientId: 'app', subject: 'ada', scopes: [] };

  test('is bounded in all and for each principal, and a place that is left is free again', async () => {
    const { dial } = served({
      capabilities: EVERYTHING,
      limits: { maxSubscriptions: 3, maxSubscriptionsPerPrincipal: 1 },
    });
    const [first, second] = [await dial({ auth: ada }), await dial()];
    first.say(listen(1, {}));
    await first.next('notifications/subscriptions/acknowledged');
    expect(await ask(first, listen(2, {}))).toMatchObject({ error: { code: 429 } });
    second.say(listen(1, {}));
    second.say(listen(2, {}));
    await second.next('notifications/subscriptions/acknowledged');
    await second.next('notifications/subscriptions/acknowledged');
    expect(await ask(second, listen(3, {}))).toMatchObject({ error: { code: 429 } });
    second.end();
    await turn();
    first.say(cancelled(1));
    await turn();
    first.say(listen(3, {}));
    await first.next('notifications/subscriptions/acknowledged');
  });

  test('is 1,024 where nothing is said, and leaves requests their room', async () => {
    const { server, dial } = served({ capabilities: EVERYTHING });
    server.handle('tools/list', () => ({ tools: [] }));
    const far = await dial();
    for (let id = 1; id <= 1024; id += 1) far.say(listen(id, {}));
    expect(await ask(far, listen(1025, {}))).toMatchObject({ error: { code: 429 } });
    expect(await ask(far, modern('list', 'tools/list'))).toHaveProperty('result');
    const closing = watch(server.close());
    await turn();
    expect(closing.outcome).toEqual({ value: undefined });
    expect(far.heard.filter(({ result }) => result)).toHaveLength(1025);
  });
});
