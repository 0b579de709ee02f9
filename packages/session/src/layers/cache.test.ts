import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '../fixtures/fake-clock.ts';
import type { Send } from '../layers.ts';
import { responseCache, type ResponseCache, type ResponseCacheOptions } from './cache.ts';

interface Cached {
  readonly cache: ResponseCache;
  readonly clock: FakeClock;
  readonly send: Send;
  readonly asked: () => number;
}

/** A cache before a server whose every answer is different. */
function cached(hints: JsonObject, options: ResponseCacheOptions = {}): Cached {
  const clock = new FakeClock();
  const cache = responseCache({ clock, ...options });
  let asked = 0;
  const send = cache.layer(async ({ params }) => ({ tools: [], serial: (asked += 1), params, ...hints }));
  return { cache, clock, send, asked: () => asked };
}

const read = (uri: string, options = {}): Parameters<Send>[0] => ({
  method: 'resources/read',
  params: { uri },
  options,
});
const LIST = { method: 'tools/list', params: {}, options: {} };
const MINUTE = { ttlMs: 60_000, cacheScope: 'private' };

describe('a cache', () => {
  test('answers again for as long as the server allows, and gives everybody a copy', async () => {
    const { send, clock, asked } = cached(MINUTE);
    const first = await send(LIST);
    (first['tools'] as unknown[]).push('mine');
    expect(await send(LIST)).toMatchObject({ serial: 1, tools: [] });
    clock.advance(59_999);
    await send(LIST);
    expect(asked()).toBe(1);
    clock.advance(1);
    expect(await send(LIST)).toMatchObject({ serial: 2 });
  });

  test('counts the time in which the machine slept', async () => {
    const { send, clock } = cached(MINUTE);
    await send(LIST);
    clock.jump(60_000);
    expect(await send(LIST)).toMatchObject({ serial: 2 });
  });

  test('is not fooled by a clock that was set back', async () => {
    const { send, clock } = cached(MINUTE);
    await send(LIST);
    clock.jump(-3_600_000);
    clock.advance(60_000);
    expect(await send(LIST)).toMatchObject({ serial: 2 });
  });

  test.each<[string, JsonObject]>([
    ['no time', { ttlMs: 0, cacheScope: 'public' }],
    ['no hint', {}],
    ['a time that is none', { ttlMs: 'long' }],
  ])('keeps nothing with %s', async (_what, hints) => {
    const { send, asked } = cached(hints);
    await send(LIST);
    await send(LIST);
    expect(asked()).toBe(2);
  });

  test('tells requests apart by their params, whatever their order', async () => {
    const { send, asked } = cached(MINUTE);
    await send(read('a'));
    await send(read('b'));
    await send({ method: 'resources/read', params: { cursor: 'x', uri: 'a' }, options: {} });
    await send({ method: 'resources/read', params: { uri: 'a', cursor: 'x' }, options: {} });
    expect(asked()).toBe(3);
  });

  test('does not keep calls, nor what continues one', async () => {
    const { send, asked } = cached(MINUTE);
    for (const method of ['tools/call', 'prompts/get']) {
      await send({ method, params: { name: 'x' }, options: {} });
      await send({ method, params: { name: 'x' }, options: {} });
    }
    await send({ method: 'resources/read', params: { uri: 'a', requestState: 's' }, options: {} });
    await send({ method: 'resources/read', params: { uri: 'a', requestState: 's' }, options: {} });
    expect(asked()).toBe(6);
  });

  test('asks anew when told to, and keeps that', async () => {
    const { send } = cached(MINUTE);
    await send(LIST);
    expect(await send({ ...LIST, options: { fresh: true } })).toMatchObject({ serial: 2 });
    expect(await send(LIST)).toMatchObject({ serial: 2 });
  });

  test('keeps what is private from other principals, and shares what is public', async () => {
    let who = 'ada';
    const own = cached(MINUTE, { principal: () => who });
    await own.send(LIST);
    who = 'eve';
    expect(await own.send(LIST)).toMatchObject({ serial: 2 });
    who = '';
    expect(await own.send(LIST)).toMatchObject({ serial: 3 });
    who = 'ada';
    expect(await own.send(LIST)).toMatchObject({ serial: 1 });
    const shared = cached({ ttlMs: 60_000, cacheScope: 'public' }, { principal: () => who });
    await shared.send(LIST);
    who = 'eve';
    expect(await shared.send(LIST)).toMatchObject({ serial: 1 });
  });

  test('forgets what a notification makes stale, and no more', async () => {
    const { cache, send, asked } = cached(MINUTE);
    await send(LIST);
    await send(read('a'));
    await send(read('b'));
    cache.invalidate({ kind: 'resource', uri: 'a' });
    await send(read('b'));
    await send(LIST);
    expect(asked()).toBe(3);
    await send(read('a'));
    expect(asked()).toBe(4);
    cache.invalidate({ kind: 'tools' });
    await send(LIST);
    expect(asked()).toBe(5);
    cache.clear();
    await send(read('b'));
    expect(asked()).toBe(6);
  });

  test('does not keep an answer that a change overtook', async () => {
    const cache = responseCache({ clock: new FakeClock() });
    let asked = 0;
    const send = cache.layer(async () => {
      asked += 1;
      if (asked === 1) cache.invalidate({ kind: 'tools' });
      return { tools: [], ...MINUTE };
    });
    await send(LIST);
    await send(LIST);
    await send(LIST);
    expect(asked).toBe(2);
  });

  test('holds so many and lets go of the one that was not used for longest', async () => {
    const { send, asked } = cached(MINUTE, { maxEntries: 2 });
    for (const uri of ['a', 'b', 'a', 'c', 'a']) await send(read(uri));
    expect(asked()).toBe(3);
    await send(read('b'));
    expect(asked()).toBe(4);
  });
});
