import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { connected, type Connected } from './fixtures/connected.ts';
import type { Script } from './fixtures/scripted-server.ts';
import { rejection, turn, within } from './fixtures/within.ts';
import type { Change } from './subscriptions.ts';

const ERAS = ['modern', 'legacy'] as const;
const TOOL = { content: [{ type: 'text', text: 'ok' }] };
const TOOLS: Change = { kind: 'tools' };
const SUBSCRIPTION = 'io.modelcontextprotocol/subscriptionId';

/** What a server does that takes subscriptions, in either era. */
const SUBSCRIBING: Script = {
  'subscriptions/listen': ({ id, params }, far) => far.say(acknowledgement(id, params?.['notifications'])),
  'resources/subscribe': { result: {} },
  'resources/unsubscribe': { result: {} },
};

function acknowledgement(id: unknown, notifications: unknown): JsonObject {
  const params = { notifications, _meta: { [SUBSCRIPTION]: id } };
  return { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params } as JsonObject;
}

/** Tells a client of a change the way its era does. */
async function tell({ client, far }: Connected, method: string, params: object = {}): Promise<void> {
  const listen = far.heard.findLast((frame) => frame.method === 'subscriptions/listen');
  const _meta = client.era === 'modern' ? { _meta: { [SUBSCRIPTION]: listen?.id } } : {};
  far.say({ jsonrpc: '2.0', method: `notifications/${method}`, params: { ...params, ..._meta } });
  await turn();
}

describe.each(ERAS)('following changes, %s', (era) => {
  test('gives those that were asked for, once each until they are read', async () => {
    const subject = await connected(era, SUBSCRIBING);
    const listening = await subject.client.listen({
      toolsListChanged: true,
      resourceSubscriptions: ['file:///a'],
    });
    for (let count = 0; count < 10; count += 1) {
      await tell(subject, 'tools/list_changed');
      await tell(subject, 'resources/updated', { uri: 'file:///a' });
    }
    const seen: Change[] = [];
    for await (const change of listening) {
      seen.push(change);
      if (seen.length === 2) break;
    }
    expect(seen).toEqual([TOOLS, { kind: 'resource', uri: 'file:///a' }]);
    expect(await listening.ended).toBeUndefined();
    await subject.client.close();
  });

  test('tells the server when it is over, once', async () => {
    const { client, far } = await connected(era, SUBSCRIBING);
    const listening = await client.listen({ resourceSubscriptions: ['file:///a'] });
    await Promise.all([listening.close(), listening.close()]);
    await turn();
    const over = era === 'modern' ? 'notifications/cancelled' : 'resources/unsubscribe';
    expect(far.heard.filter(({ method }) => method === over)).toHaveLength(1);
    await client.close();
  });

  test('ends with an error when the link is lost', async () => {
    const { client, far } = await connected(era, SUBSCRIBING);
    const listening = await client.listen({ toolsListChanged: true });
    const reading = rejection(all(listening));
    await turn();
    far.end(new Error('cable cut'));
    expect(await reading).toMatchObject({ code: 'link-lost' });
    expect(await listening.ended).toMatchObject({ code: 'link-lost' });
    await client.close();
  });

  test('ends quietly when its signal is aborted', async () => {
    const { client } = await connected(era, SUBSCRIBING);
    const stop = new AbortController();
    const listening = await client.listen({ toolsListChanged: true }, { signal: stop.signal });
    const reading = all(listening);
    stop.abort(new Error('enough'));
    expect(await within(reading, 'the end')).toEqual([]);
    expect(await listening.ended).toBeUndefined();
    await client.close();
  });

  test('is refused or given up before it begins', async () => {
    const refused = { error: { code: -32601, message: 'no' } };
    const refusing = await connected(era, {
      'subscriptions/listen': refused,
      'resources/subscribe': refused,
    });
    const failure = await rejection(refusing.client.listen({ resourceSubscriptions: ['file:///a'] }));
    expect(failure).toMatchObject({ name: 'RemoteError', code: -32601 });
    await refusing.client.close();

    const silent = await connected(era);
    const stop = new AbortController();
    const filter = { resourceSubscriptions: ['file:///a'] };
    const givenUp = rejection(silent.client.listen(filter, { signal: stop.signal }));
    const timedOut = rejection(silent.client.listen({ resourceSubscriptions: ['file:///b'] }));
    await turn();
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await givenUp).toBe(reason);
    silent.clock.advance(60_000);
    expect(await timedOut).toMatchObject({ code: 'timed-out' });
    await silent.client.close();
    expect(silent.clock.armed).toBe(0);
  });

  test('of one resource reports to onChange, until it is left', async () => {
    const seen: Change[] = [];
    const subject = await connected(era, SUBSCRIBING, { onChange: (change) => void seen.push(change) });
    await Promise.all([
      subject.client.subscribeResource('file:///a'),
      subject.client.subscribeResource('file:///a'),
    ]);
    await tell(subject, 'resources/updated', { uri: 'file:///a' });
    expect(seen).toContainEqual({ kind: 'resource', uri: 'file:///a' });
    await subject.client.unsubscribeResource('file:///a');
    await subject.client.unsubscribeResource('file:///never');
    await turn();
    const subscribed = ['subscriptions/listen', 'resources/subscribe'];
    expect(subject.far.heard.filter(({ method }) => subscribed.includes(method ?? ''))).toHaveLength(1);
    await subject.client.close();
    expect(subject.logged).toEqual([]);
  });

  test('of one resource may begin again after the link was lost', async () => {
    const { client, far, links } = await connected(era, SUBSCRIBING);
    await client.subscribeResource('file:///a');
    far.end();
    await turn();
    await within(client.subscribeResource('file:///a'), 'subscribing again');
    expect(links).toHaveLength(2);
    const subscribed = ['subscriptions/listen', 'resources/subscribe'];
    expect(links[1]?.heard.some(({ method }) => subscribed.includes(method ?? ''))).toBe(true);
    await client.close();
  });
});

describe('following changes of a modern server', () => {
  test('that ends the subscription gracefully ends the iteration', async () => {
    const { client, far } = await connected('modern', SUBSCRIBING);
    const listening = await client.listen({ toolsListChanged: true });
    const reading = all(listening);
    const { id } = await far.next('subscriptions/listen');
    far.say({ jsonrpc: '2.0', id: id as number, result: { resultType: 'complete' } });
    expect(await within(reading, 'the end')).toEqual([]);
    await client.close();
  });

  test('that ends it before it was acknowledged fails', async () => {
    const { client } = await connected('modern', {
      'subscriptions/listen': { result: { resultType: 'complete' } },
    });
    expect(await rejection(client.listen({}))).toMatchObject({ name: 'ProtocolError' });
    await client.close();
  });

  test('lasts for as long as both sides want, and knows its own notifications', async () => {
    const subject = await connected('modern', SUBSCRIBING);
    const listening = await subject.client.listen({ toolsListChanged: true });
    subject.clock.advance(30 * 24 * 3_600_000);
    const stray = {
      jsonrpc: '2.0',
      method: 'notifications/prompts/list_changed',
      params: { _meta: { [SUBSCRIPTION]: 99 } },
    };
    subject.far.say(stray);
    await tell(subject, 'tools/list_changed');
    for await (const change of listening) {
      expect(change).toEqual(TOOLS);
      break;
    }
    await subject.client.close();
  });
});

describe.each(ERAS)('closing, %s', (era) => {
  test('fails what is open with link-lost, is idempotent and never rejects', async () => {
    const { client, clock, far } = await connected(era);
    const call = rejection(client.callTool('x'));
    await far.next('tools/call');
    await Promise.all([client.close(), client.close()]);
    expect(await call).toMatchObject({ code: 'link-lost' });
    expect(await rejection(client.callTool('x'))).toMatchObject({ code: 'link-lost', delivery: 'not-sent' });
    expect(await client.closed).toMatchObject({ by: 'local' });
    expect(far.closes).toBe(1);
    expect(clock.armed).toBe(0);
  });

  test('opens a lost link anew for the next call, once for all that wait', async () => {
    const { client, far, links } = await connected(era, { 'tools/call': { result: TOOL } });
    far.end();
    await turn();
    const calls = await within(Promise.all([client.callTool('x'), client.callTool('y')]), 'the calls');
    expect(calls).toMatchObject([TOOL, TOOL]);
    expect(links).toHaveLength(2);
    await client.close();
    expect(links.map(({ closes }) => closes)).toEqual([1, 1]);
  });

  test('also closes a link that is being opened anew', async () => {
    const opening = era === 'modern' ? 'server/discover' : 'initialize';
    const { client, far, links } = await connected(era, [{}, { [opening]: () => {} }]);
    far.end();
    await turn();
    const call = rejection(client.callTool('x'));
    await turn();
    await within(client.close(), 'closing');
    expect(await call).toMatchObject({ code: 'link-lost' });
    expect(links.map(({ closes }) => closes)).toEqual([1, 1]);
  });

  test('the signal that was for connecting does not keep a lost link from being opened anew', async () => {
    const stop = new AbortController();
    const { client, far } = await connected(era, { 'tools/call': { result: TOOL } }, { signal: stop.signal });
    stop.abort();
    far.end();
    await turn();
    expect(await within(client.callTool('x'), 'the call')).toMatchObject(TOOL);
    await client.close();
  });

  test('a call can be given up while the link is opened anew for it', async () => {
    const opening = era === 'modern' ? 'server/discover' : 'initialize';
    const { client, far } = await connected(era, [{}, { [opening]: () => {} }]);
    far.end();
    await turn();
    const stop = new AbortController();
    const call = rejection(client.callTool('x', {}, { signal: stop.signal }));
    await turn();
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await call).toBe(reason);
    await client.close();
  });
});

async function all(changes: AsyncIterable<Change>): Promise<Change[]> {
  const seen: Change[] = [];
  for await (const change of changes) seen.push(change);
  return seen;
}

test('a client says what it found out about its server', async () => {
  const { client } = await connected('legacy', {
    'tools/list': { result: { tools: [{ name: '__proto__', inputSchema: { type: 'object' } }] } },
  });
  expect(client.serverInfo).toEqual({ name: 'scripted', version: '1' });
  expect(client.capabilities).toHaveProperty('tools');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['__proto__']);
  expect(({} as { inputSchema?: unknown }).inputSchema).toBeUndefined();
  await client.close();
});
