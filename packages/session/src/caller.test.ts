import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test, vi } from 'vitest';
import { cancelledNotification } from './caller.ts';
import { report, setUpCaller } from './fixtures/caller-setup.ts';
import { rejection, turn, watch } from './fixtures/within.ts';

describe('answers', () => {
  test('settle the call that minted the id, whatever their order', async () => {
    const { far, call, caller, clock } = await setUpCaller();
    const calls = [call(), call(), call()];
    expect(far.heard.map(({ id }) => id)).toEqual([1, 2, 3]);
    for (const id of [3, 1, 2]) far.say({ jsonrpc: '2.0', id, result: { id } });
    expect(await Promise.all(calls)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(caller.open).toBe(0);
    expect(clock.holding).toBe(0);
  });

  test('an error keeps its code and data, and not more than 64 KiB of its text', async () => {
    const { far, call } = await setUpCaller();
    const failed = rejection(call());
    far.say({ jsonrpc: '2.0', id: 1, error: { code: 4711, message: 'x'.repeat(100_000), data: { a: 1 } } });
    const error = await failed;
    expect(error).toMatchObject({ name: 'RemoteError', code: 4711, data: { a: 1 } });
    expect(String(error['reason'])).toHaveLength(64 * 1024);
  });

  test('an id of the other type is somebody else’s', async () => {
    const { far, call, clock } = await setUpCaller();
    const waiting = watch(call({ timeout: 1000 }));
    far.say({ jsonrpc: '2.0', id: '1', result: {} });
    await turn();
    expect(waiting.outcome).toBeUndefined();
    clock.advance(1000);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });
});

describe('giving up', () => {
  test('an abort rejects with its reason, untouched, and tells the peer', async () => {
    const { far, call, caller } = await setUpCaller();
    const stop = new AbortController();
    const waiting = rejection(call({ signal: stop.signal }));
    const reason = { any: 'thing' };
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    expect(far.heard[1]?.params).toMatchObject({ requestId: 1 });
    expect(caller.open).toBe(0);
  });

  test('a call that was aborted before it began is not sent', async () => {
    const { far, call } = await setUpCaller();
    await expect(call({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(far.heard).toEqual([]);
  });

  test('a thousand calls that share a signal cost it one listener, and none when they are over', async () => {
    const { far, call } = await setUpCaller();
    const { signal } = new AbortController();
    const add = vi.spyOn(signal, 'addEventListener');
    const remove = vi.spyOn(signal, 'removeEventListener');
    const listeners = (): number => add.mock.calls.length - remove.mock.calls.length;
    const calls = Array.from({ length: 1000 }, () => call({ signal }));
    expect(listeners()).toBe(1);
    for (let id = 1; id <= 1000; id += 1) far.say({ jsonrpc: '2.0', id, result: {} });
    await Promise.all(calls);
    expect(listeners()).toBe(0);
  });

  test('one abort ends every call that shares its signal', async () => {
    const { call } = await setUpCaller();
    const stop = new AbortController();
    const calls = Array.from({ length: 20 }, () => rejection(call({ signal: stop.signal })));
    stop.abort(new Error('enough'));
    expect(await Promise.all(calls)).toEqual(calls.map(() => expect.objectContaining({ message: 'enough' })));
  });

  test('an abort after the answer changes nothing and says nothing', async () => {
    const { far, call } = await setUpCaller();
    const stop = new AbortController();
    const answered = call({ signal: stop.signal });
    far.say({ jsonrpc: '2.0', id: 1, result: { done: true } });
    expect(await answered).toEqual({ done: true });
    stop.abort();
    await turn();
    expect(far.heard).toHaveLength(1);
  });

  test('a call that still waits for room when it is aborted is not sent any more', async () => {
    const { far, call } = await setUpCaller();
    const release = far.stall();
    const first = watch(call());
    const stop = new AbortController();
    const second = rejection(call({ signal: stop.signal }));
    stop.abort(new Error('enough'));
    expect(await second).toMatchObject({ message: 'enough' });
    release();
    await turn();
    expect(first.outcome).toBeUndefined();
    expect(far.heard.filter(({ method }) => method === 'work')).toHaveLength(1);
  });
});

describe('limits and ends', () => {
  test('more calls than may be open are refused before they are sent', async () => {
    const { far, call } = await setUpCaller(2);
    const open = [watch(call()), watch(call())];
    expect(await rejection(call())).toMatchObject({ code: 'overloaded', delivery: 'not-sent' });
    expect(far.heard).toHaveLength(2);
    far.say({ jsonrpc: '2.0', id: 1, result: {} });
    await turn();
    expect(open[0]?.outcome).toEqual({ value: {} });
    const later = call();
    expect(far.heard[2]).toMatchObject({ id: 3 });
    far.say({ jsonrpc: '2.0', id: 3, result: {} });
    await later;
  });

  test('the end of the link fails every open call, and every later one as not sent', async () => {
    const { clock, far, call, caller } = await setUpCaller();
    const open = [rejection(call()), rejection(call({}, 'other'))];
    far.end(new Error('cable cut'));
    for (const error of await Promise.all(open)) {
      expect(error).toMatchObject({
        code: 'link-lost',
        delivery: 'unknown',
        message: expect.stringContaining('cable cut'),
      });
    }
    expect(await rejection(call())).toMatchObject({ code: 'link-lost', delivery: 'not-sent' });
    expect(caller.open).toBe(0);
    expect(clock.armed).toBe(0);
  });

  test('params that no wire can carry fail the call at once', async () => {
    const { far, caller } = await setUpCaller();
    const cyclic: JsonObject = {};
    cyclic['self'] = cyclic;
    const call = caller.call('work', cyclic, { options: {}, cancel: cancelledNotification });
    expect(await rejection(call)).toMatchObject({
      name: 'TransportError',
      code: 'misuse',
      delivery: 'not-sent',
    });
    expect(far.heard).toEqual([]);
    expect(caller.open).toBe(0);
  });

  test('what the caller’s listeners throw neither hangs a call nor escapes', async () => {
    const { clock, far, call, errors } = await setUpCaller();
    const heard: number[] = [];
    const answered = watch(
      call({
        onProgress({ progress }) {
          heard.push(progress);
          throw new Error('broken listener');
        },
      }),
    );
    for (let step = 1; step <= 25; step += 1) report(far, 1, step);
    clock.advance(50);
    report(far, 1, 26);
    report(far, 1, 27);
    far.say({ jsonrpc: '2.0', id: 1, result: { done: true } });
    await turn();
    expect(answered.outcome).toEqual({ value: { done: true } });
    expect(heard.at(-1)).toBe(27);
    expect(errors).toHaveLength(heard.length);
  });

  test('progress after the answer is dropped', async () => {
    const { clock, far, call } = await setUpCaller();
    const heard: number[] = [];
    const answered = call({ onProgress: ({ progress }) => heard.push(progress) });
    report(far, 1, 1);
    far.say({ jsonrpc: '2.0', id: 1, result: {} });
    report(far, 1, 2);
    await answered;
    clock.advance(1000);
    expect(heard).toEqual([1]);
  });
});
