import { describe, expect, test } from 'vitest';
import { createReconnect } from './reconnect.ts';

describe('the pause after a failure', () => {
  test('is drawn below a bound that doubles up to the longest', () => {
    const reconnect = createReconnect({ initialDelay: 100, maxDelay: 500, attempts: 5 }, () => 0.5);
    expect(Array.from({ length: 6 }, () => reconnect.afterFailure())).toEqual([
      50,
      100,
      200,
      250,
      250,
      undefined,
    ]);
  });

  test('is anything from nothing to the bound', () => {
    expect(createReconnect({}, () => 0).afterFailure()).toBe(0);
    expect(createReconnect({}, () => 0.999).afterFailure()).toBeCloseTo(999);
  });

  test('begins anew after something useful', () => {
    const reconnect = createReconnect({ initialDelay: 100, attempts: 1 }, () => 1);
    expect(reconnect.afterFailure()).toBe(100);
    reconnect.succeeded();
    expect(reconnect.afterFailure()).toBe(100);
    expect(reconnect.afterFailure()).toBeUndefined();
  });

  test('is never below what the server asks for', () => {
    const reconnect = createReconnect({ initialDelay: 100 }, () => 0.5);
    reconnect.retryAfter(700);
    expect([reconnect.afterFailure(), reconnect.afterFailure()]).toEqual([750, 800]);
  });

  test('does not exist where no attempt is allowed', () => {
    const reconnect = createReconnect({ attempts: 0 });
    reconnect.retryAfter(500);
    expect(reconnect.afterFailure()).toBeUndefined();
    expect(reconnect.afterEnd()).toBeUndefined();
  });
});

describe('the pause after an end that the server announced', () => {
  test('is exactly what it asked for, however often, and no failure', () => {
    const reconnect = createReconnect({ attempts: 2 }, () => 0.5);
    reconnect.retryAfter(500);
    expect(Array.from({ length: 20 }, () => reconnect.afterEnd())).toEqual(Array(20).fill(500));
    expect(reconnect.afterFailure()).toBe(1_000);
  });

  test.each([
    [10, 100],
    [99_999_999_999_999, 3_600_000],
  ])('of %d ms is taken as %d ms', (asked, taken) => {
    const reconnect = createReconnect();
    reconnect.retryAfter(asked);
    expect(reconnect.afterEnd()).toBe(taken);
  });

  test('is that of a failure where it asked for none', () => {
    const reconnect = createReconnect({ initialDelay: 100, attempts: 1 }, () => 0.5);
    expect(reconnect.afterEnd()).toBe(50);
    expect(reconnect.afterEnd()).toBeUndefined();
  });
});
