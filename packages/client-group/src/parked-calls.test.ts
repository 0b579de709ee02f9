import type { Clock } from '@trunkline/session';
import { expect, test } from 'vitest';
import { ParkedCalls } from './parked-calls.ts';
import { RelayedCall } from './relayed-call.ts';

/** A clock whose timers a test fires. */
function handClock(): Clock & { fire(): void; readonly armed: number } {
  const timers = new Set<() => void>();
  return {
    now: () => 0,
    wall: () => 0,
    after(_delay, run) {
      timers.add(run);
      return { cancel: () => void timers.delete(run), hold: () => {} };
    },
    fire: () => timers.forEach((run) => run()),
    get armed() {
      return timers.size;
    },
  };
}

/** A call that is answered only when it is given up. */
function openCall(): { call: RelayedCall; given: Promise<unknown> } {
  let give: (reason: unknown) => void = () => {};
  const given = new Promise<unknown>((resolve) => (give = resolve));
  const call = new RelayedCall({}, (own) => {
    own.signal.addEventListener('abort', () => give(own.signal.reason));
    return new Promise(() => {});
  });
  return { call, given };
}

test('a call is fetched once, and then no timer is left', () => {
  const clock = handClock();
  const parked = new ParkedCalls(clock, { max: 2, ttl: 10 });
  const { call } = openCall();
  const handle = parked.park(call);
  expect(parked.take(handle)).toBe(call);
  expect(parked.take(handle)).toBeUndefined();
  expect([parked.size, clock.armed]).toEqual([0, 0]);
});

test('a call that nobody comes back for is given up, with what it asked', async () => {
  const clock = handClock();
  const parked = new ParkedCalls(clock, { max: 2, ttl: 10 });
  const { call, given } = openCall();
  const asked = call.ask('elicitation/create', {}).catch((error: unknown) => error);
  const handle = parked.park(call);
  clock.fire();
  expect(await given).toMatchObject({ code: 'call-gone' });
  expect(await asked).toMatchObject({ code: 'call-gone' });
  expect(parked.take(handle)).toBeUndefined();
});

test('one too many is given up at once', async () => {
  const parked = new ParkedCalls(handClock(), { max: 1, ttl: 10 });
  parked.park(openCall().call);
  const { call, given } = openCall();
  expect(() => parked.park(call)).toThrow(expect.objectContaining({ code: 'misuse' }));
  expect(await given).toMatchObject({ code: 'misuse' });
  parked.clear(new Error('over'));
  expect(parked.size).toBe(0);
});
