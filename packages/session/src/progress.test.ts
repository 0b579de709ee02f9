import { describe, expect, test } from 'vitest';
import { FakeClock } from './fixtures/fake-clock.ts';
import { ProgressGate, type Progress } from './progress.ts';

function gate(): { clock: FakeClock; passed: number[]; gate: ProgressGate } {
  const clock = new FakeClock();
  const passed: number[] = [];
  return { clock, passed, gate: new ProgressGate(clock, ({ progress }) => void passed.push(progress)) };
}

function reports(from: number, to: number): Progress[] {
  return Array.from({ length: to - from + 1 }, (_, index) => ({ progress: from + index }));
}

describe('a progress gate', () => {
  test('lets a burst of twenty pass, then the newest of each interval', () => {
    const { clock, passed, gate: subject } = gate();
    for (const report of reports(1, 1000)) void subject.push(report);
    expect(passed).toEqual(reports(1, 20).map(({ progress }) => progress));
    clock.advance(50);
    expect(passed.at(-1)).toBe(1000);
    expect(passed).toHaveLength(21);
  });

  test('passes at most twenty a second for as long as it is flooded', () => {
    const { clock, passed, gate: subject } = gate();
    let progress = 0;
    for (let millisecond = 0; millisecond < 10_000; millisecond += 1) {
      clock.advance(1);
      for (let count = 0; count < 10; count += 1) void subject.push({ progress: (progress += 1) });
    }
    expect(passed.length).toBeGreaterThan(200);
    expect(passed.length).toBeLessThanOrEqual(222);
    expect(passed).toEqual(passed.toSorted((a, b) => a - b));
    expect(clock.armed).toBeLessThanOrEqual(1);
  });

  test('drops what does not grow and says so', () => {
    const { passed, gate: subject } = gate();
    expect([1, 1, 0, -1, NaN, Infinity, 1.5].map((progress) => subject.push({ progress }))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
    expect(passed).toEqual([1, 1.5]);
  });

  test('lets the newest held report out when it ends, and nothing after', () => {
    const { clock, passed, gate: subject } = gate();
    for (const report of reports(1, 30)) void subject.push(report);
    void subject.flush();
    expect(passed.at(-1)).toBe(30);
    expect(subject.push({ progress: 31 })).toBe(false);
    void subject.flush();
    clock.advance(1000);
    expect(passed).toHaveLength(21);
    expect(clock.armed).toBe(0);
  });

  test('gives back the promise of a reader that has no room', async () => {
    const room = Promise.resolve();
    const subject = new ProgressGate(new FakeClock(), () => room);
    expect(subject.push({ progress: 1 })).toBe(room);
    await room;
  });
});
