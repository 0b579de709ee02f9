import type { JsonObject } from '@trunkline/protocol';
import { memoryStore, StoreError, type Store } from '@trunkline/store';
import { describe, expect, test } from 'vitest';
import {
  EventReader,
  FACES,
  open,
  openSession,
  POST_FIELDS,
  signalled,
  within,
  type Opened,
  type TestSession,
} from './harness.ts';
import { TestServer, text } from './test-server.ts';

const PROGRESS = { _meta: { progressToken: 1 } };

function call(name: string, id: string | number = 2): JsonObject {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, ...PROGRESS } };
}

/** A server whose tool counts as far as it is told to. */
function countingServer(): { server: TestServer; go: (count: number) => void; finish: () => void } {
  const steps = stepper();
  const finish = signalled();
  const server = new TestServer().tool('count', async (_args, context) => {
    for (let next = 1; ; next += 1) {
      const more = await Promise.race([steps.next().then(() => true), finish.promise.then(() => false)]);
      if (!more) return text('done');
      await context.notify('notifications/progress', { progressToken: 1, progress: next });
    }
  });
  return { server, go: steps.go, finish: () => finish.fire() };
}

function stepper(): { next(): Promise<void>; go: (count: number) => void } {
  const waiting: (() => void)[] = [];
  let allowed = 0;
  return {
    async next() {
      allowed -= 1;
      if (allowed < 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    go(count) {
      allowed += count;
      for (const resolve of waiting.splice(0, count)) resolve();
    },
  };
}

async function progressOf(reader: EventReader, count: number): Promise<{ ids: string[]; values: unknown[] }> {
  const ids: string[] = [];
  const values: unknown[] = [];
  while (values.length < count) {
    const event = await reader.next();
    if (!event) break;
    if (event.data === '') continue;
    ids.push(event.id ?? '');
    const message = JSON.parse(event.data) as { params?: JsonObject };
    values.push(message.params?.['progress'] ?? 'result');
  }
  return { ids, values };
}

/** Takes a stream up again, as soon as the server has noticed that the old connection is gone. */
async function resume(session: TestSession, id: string): Promise<EventReader> {
  return within(
    (async () => {
      for (;;) {
        const reader = await session.listen(id);
        if (reader.response.status !== 409) return reader;
        await reader.cancel();
      }
    })(),
    'the release of the stream',
  );
}

describe.each(FACES)('a lost stream through the %s face', (face) => {
  test('is taken up after any of its events, and the result arrives', async () => {
    const { server, go, finish } = countingServer();
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    go(3);
    const first = new EventReader(await session.send(call('count')));
    const { ids } = await progressOf(first, 3);
    await first.cancel();
    go(2);
    const second = await resume(session, ids[0] ?? '');
    expect((await progressOf(second, 4)).values).toEqual([2, 3, 4, 5]);
    await second.cancel();
    finish();
    const third = await resume(session, ids[2] ?? '');
    expect((await progressOf(third, 3)).values).toEqual([4, 5, 'result']);
    expect(await third.next()).toBeUndefined();
    const after = await session.listen(ids[1]);
    expect((await progressOf(after, 9)).values).toEqual([3, 4, 5, 'result']);
  });

  test('is repeated by itself: other streams of the session, and other sessions, are not', async () => {
    const server = new TestServer().tool('talk', async (args, context) => {
      await context.progress(Number(args['from']));
      return text('done');
    });
    await using opened = await open(face, server);
    const [session, stranger] = [await openSession(opened.url), await openSession(opened.url)];
    const said: (string | undefined)[][] = [];
    for (const from of [10, 20]) {
      const params = { name: 'talk', arguments: { from }, ...PROGRESS };
      const response = await session.send({ jsonrpc: '2.0', id: from, method: 'tools/call', params });
      const events = await new EventReader(response).rest();
      said.push(events.map(({ id }) => id));
    }
    const again = await session.listen(said[0]?.[0]);
    expect((await progressOf(again, 9)).values).toEqual([10, 'result']);
    const foreign = await stranger.listen(said[0]?.[0]);
    expect(foreign.response.status).toBe(410);
    await foreign.cancel();
  });

  test('has one reader: of two who come back at once one is refused, and no event is sent twice', async () => {
    const finish = signalled();
    const server = new TestServer().tool('poll', async (_args, context) => {
      await context.progress(1);
      context.detach();
      await finish.promise;
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const [primer] = await new EventReader(await session.send(call('poll'))).rest();
    const both = await Promise.all([session.listen(primer?.id), session.listen(primer?.id)]);
    expect(new Set(both.map(({ response }) => response.status))).toEqual(new Set([200, 409]));
    const late = await session.listen(primer?.id);
    expect(late.response.status).toBe(409);
    finish.fire();
    const served = both.find(({ response }) => response.status === 200) as EventReader;
    expect((await progressOf(served, 9)).values).toEqual([1, 'result']);
    for (const reader of [...both, late]) await reader.cancel();
  });

  test('is given up where events that its client needs are forgotten', async () => {
    const { server, go, finish } = countingServer();
    await using opened = await open(face, server, { legacy: { resumption: { maxEvents: 3 } } });
    const session = await openSession(opened.url);
    go(6);
    const reader = new EventReader(await session.send(call('count')));
    const { ids } = await progressOf(reader, 6);
    await reader.cancel();
    const gap = await resume(session, ids[0] ?? '');
    expect(gap.response.status).toBe(410);
    await gap.cancel();
    finish();
    const kept = await resume(session, ids[5] ?? '');
    expect((await progressOf(kept, 1)).values).toEqual(['result']);
  });

  test.each([
    ['no-such', 400],
    ['1234', 400],
    [`a-${'1'.repeat(300)}`, 400],
    ['zzzz-1', 410],
  ])('is not found by the id %s', async (id, status) => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    const reader = await session.listen(id);
    expect(reader.response.status).toBe(status);
    await reader.cancel();
  });

  test('brings the result to a client that was let go and told when to come back', async () => {
    const finish = signalled();
    const server = new TestServer().tool('poll', async (_args, context) => {
      context.detach({ retryMs: 20 });
      await finish.promise;
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const first = new EventReader(await session.send(call('poll')));
    const events = await first.rest();
    expect([events.map(({ data }) => data), first.pauses]).toEqual([[''], [20]]);
    const second = await resume(session, events[0]?.id ?? '');
    await second.cancel();
    finish.fire();
    const third = await resume(session, events[0]?.id ?? '');
    expect(await third.message()).toMatchObject({ id: 2, result: {} });
  });

  test('of changes is taken up after the last one that arrived', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    await session.send({
      jsonrpc: '2.0',
      id: 3,
      method: 'resources/subscribe',
      params: { uri: 'file:///a' },
    });
    const first = await session.listen();
    server.changed({ kind: 'tools' });
    let event = await first.next();
    while (event?.data === '') event = await first.next();
    await first.cancel();
    server.changed({ kind: 'resource', uri: 'file:///a' });
    const second = await resume(session, event?.id ?? '');
    expect(await second.message()).toMatchObject({ params: { uri: 'file:///a' } });
    await second.cancel();
  });

  test('keeps a thousand events of one instant in order', async () => {
    const server = new TestServer().tool('burst', async (_args, context) => {
      const sent = Array.from({ length: 900 }, (_, progress) =>
        context.notify('notifications/progress', { progressToken: 1, progress }),
      );
      await Promise.all(sent);
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const first = new EventReader(await session.send(call('burst')));
    const { ids } = await progressOf(first, 1);
    await first.rest();
    const again = await session.listen(ids[0]);
    const { values } = await progressOf(again, 1000);
    expect(values).toEqual([...Array.from({ length: 899 }, (_, index) => index + 1), 'result']);
  });
});

test('a reply is a stream from the start where that is wanted', async () => {
  await using opened = await open('node', new TestServer(), { legacy: { answers: 'stream' } });
  const session = await openSession(opened.url);
  const events = await new EventReader(await session.send(call('x'))).rest();
  expect(events.map(({ data }) => data === '')).toEqual([true, false]);
  const again = await session.listen(events[0]?.id);
  expect(await again.message()).toMatchObject({ id: 2, result: {} });
});

test('nothing is kept where resumption is turned off', async () => {
  const server = new TestServer().tool('talk', async (_args, context) => {
    await context.progress(1);
    context.detach();
    return text('done');
  });
  await using opened = await open('node', server, { legacy: { resumption: false } });
  const session = await openSession(opened.url);
  const events = await new EventReader(await session.send(call('talk'))).rest();
  expect(events.map(({ id }) => id)).toEqual([undefined, undefined]);
  const reader = await session.listen('a-1');
  expect(reader.response.status).toBe(400);
  await reader.cancel();
});

/** A store of which one method behaves otherwise. */
function storeWith(changes: Partial<Store>, inner: Store = memoryStore()): Store {
  return new Proxy(inner, {
    get: (_target, name) => {
      const own = changes[name as keyof Store];
      if (own) return own;
      const method = inner[name as keyof Store] as (...args: unknown[]) => unknown;
      return method.bind(inner);
    },
  });
}

test('an event is stored before it is sent', async () => {
  const inner = memoryStore();
  const stored = signalled();
  const appended: string[] = [];
  const store = storeWith(
    {
      async append(log, entry, options) {
        appended.push(entry);
        if (appended.length > 1) await stored.promise;
        return inner.append(log, entry, options);
      },
    },
    inner,
  );
  const server = new TestServer().tool('talk', async (_args, context) => {
    await context.progress(1);
    return text('done');
  });
  await using opened = await open('node', server, { legacy: { store } });
  const session = await openSession(opened.url);
  const reader = new EventReader(await session.send(call('talk')));
  expect((await reader.next())?.data).toBe('');
  await expect.poll(() => appended.length).toBe(2);
  expect(reader.text).not.toContain('progress');
  stored.fire();
  expect((await progressOf(reader, 2)).values).toEqual([1, 'result']);
});

test('a reply whose events cannot be stored ends with an error, and the operator hears of it', async () => {
  const errors: unknown[] = [];
  const store = storeWith({ append: () => Promise.reject(new StoreError('unavailable', 'gone')) });
  const server = new TestServer().tool('talk', async (_args, context) => {
    await context.progress(1);
    return text('done');
  });
  await using opened = await open('node', server, {
    legacy: { store },
    onError: (error) => errors.push(error),
  });
  const session = await openSession(opened.url, '2025-06-18');
  const reader = new EventReader(await session.send(call('talk')));
  expect(await reader.message()).toMatchObject({ id: 2, error: { code: -32603 } });
  expect(await reader.next()).toBeUndefined();
  expect(errors).toMatchObject([{ code: 'unavailable' }]);
  expect(server.seen).toHaveLength(1);
});

test('a session is not forgotten because its store does not answer', async () => {
  const inner = memoryStore();
  let down = false;
  const store = storeWith(
    { get: (key) => (down ? Promise.reject(new StoreError('unavailable', 'gone')) : inner.get(key)) },
    inner,
  );
  await using first = await open('node', new TestServer(), { legacy: { store } });
  await using second = await open('node', new TestServer(), { legacy: { store } });
  const session = await openSession(first.url);
  const elsewhere = (init: RequestInit): Promise<Response> => fetch(second.url, init);
  const init = {
    method: 'POST',
    headers: { ...session.fields, ...POST_FIELDS },
    body: JSON.stringify(call('x')),
  };
  down = true;
  const refused = await elsewhere(init);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
  down = false;
  expect((await elsewhere(init)).status).toBe(200);
});

describe('a session whose store is shared', () => {
  async function two(): Promise<{ store: Store; first: Opened; second: Opened; servers: TestServer[] }> {
    const store = memoryStore();
    const servers = [new TestServer(), new TestServer()];
    for (const server of servers) {
      server.tool('ask', async (_args, { ask }) => {
        const { action } = await ask.elicit({
          message: '?',
          requestedSchema: { type: 'object', properties: {} },
        });
        return text(action);
      });
    }
    const [first, second] = await Promise.all(
      servers.map((server) => open('node', server, { legacy: { store } })),
    );
    return { store, first: first as Opened, second: second as Opened, servers };
  }

  const post = (url: string, session: TestSession, message: JsonObject): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { ...session.fields, ...POST_FIELDS },
      body: JSON.stringify(message),
    });

  test('is continued by another process, with what its client said of itself', async () => {
    const { first, second, servers } = await two();
    await using _first = first;
    await using _second = second;
    const session = await openSession(first.url, '2025-11-25', { capabilities: { elicitation: {} } });
    const reader = new EventReader(await post(second.url, session, call('ask')));
    const question = await reader.message();
    await post(second.url, session, {
      jsonrpc: '2.0',
      id: question?.['id'] ?? '',
      result: { action: 'decline' },
    });
    expect(await reader.message()).toMatchObject({ result: { content: [{ text: 'decline' }] } });
    expect(servers[1]?.seen).toHaveLength(1);
  });

  test('ends everywhere when its client ends it anywhere', async () => {
    const { first, second } = await two();
    await using _first = first;
    await using _second = second;
    const session = await openSession(first.url);
    await post(second.url, session, call('x'));
    expect((await fetch(second.url, { method: 'DELETE', headers: session.fields })).status).toBe(204);
    await expect.poll(async () => (await post(first.url, session, call('x'))).status).toBe(404);
    expect((await post(second.url, session, call('x'))).status).toBe(404);
  });

  test('outlives the process that opened it', async () => {
    const { first, second } = await two();
    await using _second = second;
    const session = await openSession(first.url);
    await first[Symbol.asyncDispose]();
    expect((await post(second.url, session, call('x'))).status).toBe(200);
  });

  test('is nobody else’s there either', async () => {
    const store = memoryStore();
    const verify = (head: { header(name: string): string | undefined }) => ({
      clientId: head.header('authorization') ?? '',
      scopes: [],
    });
    await using first = await open('node', new TestServer(), { legacy: { store }, verify });
    await using second = await open('node', new TestServer(), { legacy: { store }, verify });
    const session = await openSession(first.url, '2025-11-25', { fields: { authorization: 'a' } });
    const thief = { ...session, fields: { ...session.fields, authorization: 'b' } };
    expect((await post(second.url, thief, call('x'))).status).toBe(404);
    expect((await post(second.url, session, call('x'))).status).toBe(200);
  });
});
