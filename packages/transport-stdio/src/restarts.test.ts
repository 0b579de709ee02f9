import { TransportError } from '@trunkline/transport';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { stdioClient } from './client.ts';
import { restarts, type Restarts } from './restarts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const CRASH = { by: 'remote', cause: new TransportError('exited', 'crashed') } as const;
const never = new AbortController().signal;

/** How long a turn makes its caller wait, or the code it is refused with. */
async function wait(turns: Restarts): Promise<number | string> {
  const start = performance.now();
  const turn = turns.turn(never).then(
    () => performance.now() - start,
    (error: TransportError) => error.code,
  );
  await vi.runAllTimersAsync();
  return turn;
}

describe('restarts', () => {
  test('the first start waits for nobody, each further one twice as long, the sixth end is the last', async () => {
    const turns = restarts({});
    const waits = [await wait(turns)];
    for (let end = 0; end < 6; end += 1) {
      turns.note(CRASH);
      waits.push(await wait(turns));
    }
    expect(waits).toEqual([0, 500, 1000, 2000, 4000, 8000, 'exited']);
  });

  test('never waits longer than the maximum', async () => {
    const turns = restarts({ maxRestarts: 20 });
    for (let end = 0; end < 12; end += 1) turns.note(CRASH);
    expect(await wait(turns)).toBe(30_000);
  });

  test('ends are forgotten after the window, and a server that was given up is tried again', async () => {
    const turns = restarts({ maxRestarts: 0, windowMs: 1000 });
    turns.note(CRASH);
    expect(await wait(turns)).toBe('exited');
    vi.advanceTimersByTime(1000);
    expect(await wait(turns)).toBe(0);
  });

  test('giving up names the last end as the cause and sends nothing', async () => {
    const turns = restarts({ maxRestarts: 0 });
    turns.note(CRASH);
    await expect(turns.turn(never)).rejects.toMatchObject({ delivery: 'not-sent', cause: CRASH.cause });
  });

  test('a link that we closed does not count, a start that failed does', async () => {
    const turns = restarts({});
    turns.note({ by: 'local' });
    expect(await wait(turns)).toBe(0);
    turns.note({ by: 'local', cause: new TransportError('spawn-failed', 'no such program') });
    expect(await wait(turns)).toBe(500);
  });

  test('an abort ends the wait and leaves no timer', async () => {
    const turns = restarts({});
    turns.note(CRASH);
    const giveUp = new AbortController();
    const turn = turns.turn(giveUp.signal);
    giveUp.abort(new Error('enough'));
    await expect(turn).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('all links of one dial share the policy', async () => {
  vi.useRealTimers();
  const dial = stdioClient(
    { command: 'no-such-program-here' },
    { restart: { maxRestarts: 1, firstDelayMs: 1 } },
  );
  const codes: unknown[] = [];
  for (let i = 0; i < 3; i += 1) {
    const link = dial();
    codes.push(await link.start({ message() {} }).catch((error: TransportError) => error.code));
    await link.closed;
  }
  expect(codes).toEqual(['spawn-failed', 'spawn-failed', 'exited']);
});
