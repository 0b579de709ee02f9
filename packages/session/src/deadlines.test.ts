import { describe, expect, test } from 'vitest';
import { report, setUpCaller } from './fixtures/caller-setup.ts';
import { turn, watch } from './fixtures/within.ts';

describe('time', () => {
  test('a call without an answer fails after its timeout, and the peer is told once', async () => {
    const { clock, far, call } = await setUpCaller();
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
    const { clock, far, call } = await setUpCaller();
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
    const { clock, far, call } = await setUpCaller();
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
    const { clock, call } = await setUpCaller();
    const waiting = watch(call({ maxTotalTimeout: 500 }));
    clock.advance(500);
    await turn();
    expect(waiting.outcome).toMatchObject({ error: { code: 'timed-out' } });
  });

  test('progress that does not grow, is no number, or belongs to nobody extends nothing', async () => {
    const { clock, far, call } = await setUpCaller();
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
    const { clock, far, call } = await setUpCaller();
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
    const { clock, far, call } = await setUpCaller();
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
    const { clock, far, call } = await setUpCaller();
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
    const { clock, call } = await setUpCaller();
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
    const { clock, call } = await setUpCaller();
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
