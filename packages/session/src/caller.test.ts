import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test, vi } from 'vitest';
import { cancelledNotification, type Caller, type OutboundOptions } from './caller.ts';
import { FakeClock } from './fixtures/fake-clock.ts';
import { rejection, turn, watch } from './fixtures/within.ts';
import { wire, type Wire } from './fixtures/wire.ts';
import { Peer } from './peer.ts';

interface Setup {
  readonly clock: FakeClock;
  readonly far: Wire;
  readonly caller: Caller;
  readonly errors: readonly unknown[];
  readonly call: (options?: OutboundOptions, method?: string) => Promise<JsonObject>;
}

async function setup(maxPending?: number): Promise<Setup> {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const far = wire();
  const peer = new Peer(
    far.transport,
    { request() {}, notification() {}, fault() {}, violation() {}, closed() {} },
    { clock, maxPending, onError: (error) => errors.push(error) },
  );
  await peer.start();
  const { caller } = peer;
  const call: Setup['call'] = (options = {}, method = 'work') =>
    caller.call(method, undefined, { options, cancel: cancelledNotification });
  return { clock, far, caller, call, errors };
}

function report(far: Wire, progressToken: unknown, progress: unknown): void {
  far.say({
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress } as JsonObject,
  });
}

describe('answers', () => {
  test('settle the call that minted the id, whatever their order', async () => {
    const { far, call, caller, clock } = await setup();
    const calls = [call(), call(), call()];
    expect(far.heard.map(({ id }) => id)).toEqual([1, 2, 3]);
    for (const id of [3, 1, 2]) far.say({ jsonrpc: '2.0', id, result: { id } });
    expect(await Promise.all(calls)).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(caller.open).toBe(0);
    expect(clock.holding).toBe(0);
  });

  test('an error keeps its code and data, and not more than 64 KiB of its text', async () => {
    const { far, call } = await setup();
    const failed = rejection(call());
    far.say({ jsonrpc: '2.0', id: 1, error: { code: 4711, message: 'x'.repeat(100_000), data: { a: 1 } } });
    const error = await failed;
    expect(error).toMatchObject({ name: 'RemoteError', code: 4711, data: { a: 1 } });
    expect(String(error['reason'])).toHaveLength(64 * 1024);
  });

  test('an id of the other type is somebody else’s', async () => {
    const { far, call, clock } = await setup();
    const waiting = watch(call({ timeout: 1000 }));
    far.say({ jsonrpc: '2.0', id: '1', result: {} });
    await turn();
    expect(waiting.outcome).toBeUndefined();
    clock.advance(1000);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });
});

describe('time', () => {
  test('a call without an answer fails after its timeout, and the peer is told once', async () => {
    const { clock, far, call } = await setup();
    const waiting = watch(call({ timeout: 1000 }));
    clock.advance(999);
    await turn();
    expect(waiting.outcome).toBeUndefined();
    clock.advance(1);
    await turn();
    expect(waiting.outcome).toMatchObject({
      error: { name: 'SessionError', code: 'timed-out', delivery: 'unknown' },
    });
    expect(far.heard.map(({ method }) => method)).toEqual(['work', 'notifications/cancelled']);
    expect(far.heard[1]?.params).toEqual({ requestId: 1, reason: 'timed out' });
    expect(clock.armed).toBe(0);
  });

  test('60 s and 10 min stand where nothing is said', async () => {
    const { clock, far, call } = await setup();
    const idle = watch(call());
    clock.advance(59_999);
    await turn();
    expect(idle.outcome).toBeUndefined();
    clock.advance(1);
    await turn();
    expect(idle.outcome).toMatchObject({ error: { code: 'timed-out' } });
    const busy = watch(call());
    for (let passed = 30_000; passed < 600_000; passed += 30_000) {
      clock.advance(30_000);
      report(far, 2, passed);
    }
    await turn();
    expect(busy.outcome).toBeUndefined();
    clock.advance(30_000);
    await turn();
    expect(busy.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('progress extends the call, but not beyond its ceiling', async () => {
    const { clock, far, call } = await setup();
    const waiting = watch(call({ timeout: 100, maxTotalTimeout: 1000 }));
    for (let step = 1; step <= 11; step += 1) {
      clock.advance(90);
      report(far, 1, step);
      await turn();
      expect(waiting.outcome).toBeUndefined();
    }
    clock.advance(10);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('a ceiling below the idle timeout is a ceiling all the same', async () => {
    const { clock, call } = await setup();
    const waiting = watch(call({ maxTotalTimeout: 500 }));
    clock.advance(500);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('progress that does not grow, is no number, or belongs to nobody extends nothing', async () => {
    const { clock, far, call } = await setup();
    const waiting = watch(call({ timeout: 100 }));
    report(far, 1, 5);
    clock.advance(60);
    for (const progress of [5, 3, 'NaN', -1, null]) report(far, 1, progress);
    report(far, 'nope', 6);
    report(far, '1', 6);
    clock.advance(40);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('a call may wait for ever', async () => {
    const { clock, far, call } = await setup();
    const waiting = watch(call({ timeout: Infinity }));
    clock.advance(1e12);
    await turn();
    expect(waiting.outcome).toBeUndefined();
    expect(clock.armed).toBe(0);
    far.say({ jsonrpc: '2.0', id: 1, result: {} });
    await turn();
    expect(waiting.outcome).toEqual({ value: {} });
  });

  test('a blocked loop reads what came meanwhile before it calls anything late', async () => {
    const { clock, far, call } = await setup();
    const answered = watch(call({ timeout: 1000 }));
    const silent = watch(call({ timeout: 1000 }));
    clock.block(60_000);
    far.say({ jsonrpc: '2.0', id: 1, result: {} });
    clock.advance(0);
    await turn();
    expect(answered.outcome).toEqual({ value: {} });
    expect(silent.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('a thousand open calls take one timer, which holds the process only while one is open', async () => {
    const { clock, far, call } = await setup();
    const calls = Array.from({ length: 1000 }, () => call());
    expect(clock.armed).toBe(1);
    expect(clock.holding).toBe(1);
    for (let id = 1; id <= 1000; id += 1) far.say({ jsonrpc: '2.0', id, result: {} });
    await Promise.all(calls);
    expect(clock.holding).toBe(0);
    const again = call();
    expect(clock.armed).toBe(1);
    expect(clock.holding).toBe(1);
    far.say({ jsonrpc: '2.0', id: 1001, result: {} });
    await again;
  });

  test('a shorter call is not overlooked behind a longer one', async () => {
    const { clock, call } = await setup();
    const long = watch(call({ timeout: 10_000 }));
    const short = watch(call({ timeout: 10 }));
    clock.advance(10);
    await turn();
    expect(short.outcome).toMatchObject({ error: { code: 'timed-out' } });
    expect(long.outcome).toBeUndefined();
    clock.advance(9990);
    await turn();
    expect(long.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('a timeout longer than a platform timer can be is no busy loop', async () => {
    const { clock, call } = await setup();
    const delays: number[] = [];
    const after = clock.after.bind(clock);
    clock.after = (delay, run) => {
      delays.push(delay);
      return after(delay, run);
    };
    const waiting = watch(call({ timeout: 2 ** 33 }));
    clock.advance(2 ** 33);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
    expect(Math.max(...delays)).toBeLessThan(2 ** 31);
    expect(delays.length).toBeLessThan(10);
  });
});

describe('giving up', () => {
  test('an abort rejects with its reason, untouched, and tells the peer', async () => {
    const { far, call, caller } = await setup();
    const stop = new AbortController();
    const waiting = rejection(call({ signal: stop.signal }));
    const reason = { any: 'thing' };
    stop.abort(reason);
    expect(await waiting).toBe(reason);
    expect(far.heard[1]?.params).toMatchObject({ requestId: 1 });
    expect(caller.open).toBe(0);
  });

  test('a call that was aborted before it began is not sent', async () => {
    const { far, call } = await setup();
    await expect(call({ signal: AbortSignal.abort(new Error('no')) })).rejects.toThrow('no');
    expect(far.heard).toEqual([]);
  });

  test('a thousand calls that share a signal cost it one listener, and none when they are over', async () => {
    const { far, call } = await setup();
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
    const { call } = await setup();
    const stop = new AbortController();
    const calls = Array.from({ length: 20 }, () => rejection(call({ signal: stop.signal })));
    stop.abort(new Error('enough'));
    expect(await Promise.all(calls)).toEqual(calls.map(() => expect.objectContaining({ message: 'enough' })));
  });

  test('an abort after the answer changes nothing and says nothing', async () => {
    const { far, call } = await setup();
    const stop = new AbortController();
    const answered = call({ signal: stop.signal });
    far.say({ jsonrpc: '2.0', id: 1, result: { done: true } });
    expect(await answered).toEqual({ done: true });
    stop.abort();
    await turn();
    expect(far.heard).toHaveLength(1);
  });

  test('a call that still waits for room when it is aborted is not sent any more', async () => {
    const { far, call } = await setup();
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
    const { far, call } = await setup(2);
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
    const { clock, far, call, caller } = await setup();
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
    const { far, caller } = await setup();
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
    const { clock, far, call, errors } = await setup();
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
    const { clock, far, call } = await setup();
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
