import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Countdown } from './countdown.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a countdown', () => {
  test('calls for each thing once, a fixed time after it was added last', () => {
    const due: string[] = [];
    const countdown = new Countdown<string>(100, (thing) => due.push(thing));
    countdown.add('a');
    vi.advanceTimersByTime(60);
    countdown.add('b');
    countdown.add('c');
    vi.advanceTimersByTime(30);
    countdown.add('a');
    vi.advanceTimersByTime(50);
    expect(due).toEqual([]);
    vi.advanceTimersByTime(30);
    expect(due).toEqual(['b', 'c']);
    vi.advanceTimersByTime(1000);
    expect(due).toEqual(['b', 'c', 'a']);
  });

  test('forgets what is deleted or cleared, and then holds no timer', () => {
    const due: string[] = [];
    const countdown = new Countdown<string>(100, (thing) => due.push(thing));
    countdown.add('a');
    countdown.add('b');
    countdown.delete('a');
    vi.advanceTimersByTime(100);
    expect(due).toEqual(['b']);
    expect(vi.getTimerCount()).toBe(0);
    countdown.add('c');
    countdown.clear();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('has one timer for everything', () => {
    const countdown = new Countdown<number>(100, () => {});
    for (let thing = 0; thing < 50; thing += 1) countdown.add(thing);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('may add a thing again when it is due', () => {
    let calls = 0;
    const countdown: Countdown<string> = new Countdown<string>(10, (thing) => {
      calls += 1;
      if (calls < 3) countdown.add(thing);
    });
    countdown.add('a');
    vi.advanceTimersByTime(100);
    expect(calls).toBe(3);
  });

  test('of an infinite time never ends', () => {
    const countdown = new Countdown<string>(Infinity, () => {});
    countdown.add('a');
    expect(vi.getTimerCount()).toBe(0);
  });
});
