import { describe, expect, test } from 'vitest';
import type { ClientStatus } from './link-keeper.ts';
import { connected, type Connected } from './fixtures/connected.ts';
import { MODERN_OPENING, type Script } from './fixtures/scripted-server.ts';
import { rejection, turn, within } from './fixtures/within.ts';

const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';
const ANSWERING: Script = {
  'tools/call': { result: { content: [] } },
  ping: { result: {} },
  'resources/subscribe': { result: {} },
  'resources/unsubscribe': { result: {} },
  'subscriptions/listen': ({ id, params }, far) =>
    far.say({
      jsonrpc: '2.0',
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications: params?.['notifications'] ?? {}, _meta: { [SUBSCRIPTION]: id ?? 0 } },
    }),
};
/** A link that opens and dies before it says anything. */
const DEAD: Script = {
  'server/discover': (_request, far) => void far.transport.close(),
  initialize: (_request, far) => void far.transport.close(),
};

const HALF = { firstDelay: 1000, maxDelay: 4000, random: () => 0.5 };

function statusesOf({ client }: Connected): ClientStatus[] {
  const seen: ClientStatus[] = [];
  client.onStatus((status) => seen.push(status));
  return seen;
}

function reached({ client }: Connected, wanted: ClientStatus): Promise<void> {
  if (client.status === wanted) return Promise.resolve();
  const reaching = new Promise<void>((resolve) => {
    client.onStatus((status) => status === wanted && resolve());
  });
  return within(reaching, wanted);
}

describe.each(['modern', 'legacy'] as const)('a client that reconnects, %s', (era) => {
  test('opens a lost link anew after a pause, and calls made meanwhile wait for it', async () => {
    const subject = await connected(era, ANSWERING, { reconnect: HALF });
    const seen = statusesOf(subject);
    await subject.far.transport.close();
    await reached(subject, 'reopening');
    const call = subject.client.callTool('t');
    await turn();
    expect(subject.links).toHaveLength(1);
    subject.clock.advance(500);
    expect(await within(call, 'the call')).toEqual({ content: [] });
    expect(seen).toEqual(['lost', 'reopening', 'open']);
    await subject.client.close();
    expect(seen.at(-1)).toBe('closed');
    expect(subject.clock.armed).toBe(0);
  });

  test('pauses longer after each failure, and gives up until it is called', async () => {
    const subject = await connected(era, [ANSWERING, DEAD, DEAD, DEAD, ANSWERING], {
      reconnect: { ...HALF, attempts: 3 },
    });
    await subject.far.transport.close();
    await reached(subject, 'reopening');
    const pauses: number[] = [];
    while (subject.links.length < 4) {
      const before = subject.links.length;
      let waited = 0;
      while (subject.links.length === before && waited < 10_000) {
        subject.clock.advance(250);
        waited += 250;
        await turn();
        await turn();
      }
      pauses.push(waited);
    }
    expect(pauses).toEqual([500, 1000, 2000]);
    await reached(subject, 'lost');
    expect(await within(subject.client.callTool('t'), 'a call')).toEqual({ content: [] });
    await subject.client.close();
  });

  test('a call whose attempt fails says so and that it was not sent', async () => {
    const subject = await connected(era, [ANSWERING, DEAD], { reconnect: { ...HALF, attempts: 1 } });
    await subject.far.transport.close();
    await reached(subject, 'reopening');
    const failing = rejection(subject.client.callTool('t'));
    subject.clock.advance(500);
    expect(await failing).toMatchObject({ code: 'link-lost' });
    expect(subject.client.status).toBe('lost');
    await subject.client.close();
  });

  test('follows what it followed over the new link, and counts it as changed', async () => {
    const subject = await connected(era, ANSWERING, { reconnect: HALF });
    const listening = await subject.client.listen({ resourceSubscriptions: ['file:///a'] });
    const changes = listening[Symbol.asyncIterator]();
    const next = changes.next();
    await subject.far.transport.close();
    await reached(subject, 'reopening');
    const found = within(next, 'a change');
    for (let passed = 0; passed < 8; passed += 1) {
      subject.clock.advance(250);
      await turn();
      await turn();
    }
    expect((await found).value).toEqual({ kind: 'resource', uri: 'file:///a' });
    const method = era === 'modern' ? 'subscriptions/listen' : 'resources/subscribe';
    expect(subject.links[1]?.heard.some((frame) => frame.method === method)).toBe(true);
    await listening.close();
    await subject.client.close();
    expect(subject.clock.armed).toBe(0);
  });

  test('asks whether the server is there after a sleep, and opens a new link if it is not', async () => {
    const asleep = { era: false };
    const once: Script = {
      ...ANSWERING,
      ping: () => (asleep.era = true),
      'server/discover': ({ id }, far) => {
        if (asleep.era) return;
        asleep.era = true;
        far.say({ jsonrpc: '2.0', id: id ?? 0, ...(MODERN_OPENING['server/discover'] as object) });
      },
    };
    const subject = await connected(era, [once, ANSWERING], { reconnect: HALF });
    subject.clock.block(60_000);
    await turn();
    expect(subject.client.status).toBe('open');
    subject.clock.advance(5_000);
    await reached(subject, 'reopening');
    subject.clock.advance(500);
    await reached(subject, 'open');
    expect(await within(subject.client.callTool('t'), 'a call')).toEqual({ content: [] });
    await subject.client.close();
  });

  test('a clock on the wall that runs ahead is a sleep too', async () => {
    const subject = await connected(era, ANSWERING, { reconnect: HALF });
    const heard = subject.far.heard.length;
    subject.clock.advance(5_000);
    await turn();
    expect(subject.far.heard).toHaveLength(heard);
    subject.clock.jump(3_600_000);
    subject.clock.advance(5_000);
    await turn();
    expect(subject.far.heard.length).toBe(heard + 1);
    expect(subject.client.status).toBe('open');
    await subject.client.close();
  });
});

test('a client that was not told to reconnect arms no timer and waits for its next call', async () => {
  const subject = await connected('modern', ANSWERING);
  const seen = statusesOf(subject);
  expect(subject.clock.holding).toBe(0);
  await subject.far.transport.close();
  await reached(subject, 'lost');
  await subject.client.callTool('t');
  expect(seen).toEqual(['lost', 'reopening', 'open']);
  await subject.client.close();
});
