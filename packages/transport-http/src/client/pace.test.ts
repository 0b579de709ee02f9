import { expect, test } from 'vitest';
import { rejection, within } from '../fixtures/within.ts';
import { systemPace } from './pace.ts';

test('a sleep ends by itself', async () => {
  await expect(
    within(systemPace.sleep(1, new AbortController().signal), 'the sleep'),
  ).resolves.toBeUndefined();
});

test('a sleep ends with its signal, for the same reason', async () => {
  const stop = new AbortController();
  const sleeping = systemPace.sleep(3_600_000, stop.signal);
  const reason = new Error('enough');
  stop.abort(reason);
  expect(await rejection(sleeping)).toBe(reason);
});

test('nobody sleeps on a signal that is aborted already', async () => {
  const reason = new Error('enough');
  expect(await rejection(systemPace.sleep(3_600_000, AbortSignal.abort(reason)))).toBe(reason);
});
