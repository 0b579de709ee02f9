import type { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProcessGroup } from './process-group.ts';
import { terminate } from './terminate.ts';

const DEADLINES = { stdinMs: 2000, termMs: 2000, killMs: 500 };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A group of which each part ends only by the step named for it. */
function family(
  leaderEndsBy: string,
  restEndsBy = leaderEndsBy,
): { group: ProcessGroup; closeStdin: () => void; log: string[] } {
  const log: string[] = [];
  const child = new EventEmitter() as ChildProcess;
  const start = performance.now();
  let leader = leaderEndsBy === 'gone';
  let rest = restEndsBy === 'gone';
  const step = (name: string) => (): void => {
    log.push(`${name} at ${performance.now() - start}`);
    rest ||= restEndsBy === name;
    if (leader || leaderEndsBy !== name) return;
    leader = true;
    child.emit('exit');
  };
  const group = {
    child,
    leaderGone: () => leader,
    gone: () => leader && rest,
    terminate: step('TERM'),
    kill: step('KILL'),
  };
  return { group, closeStdin: step('stdin'), log };
}

async function stop(
  leaderEndsBy: string,
  restEndsBy?: string,
): Promise<{ ended: string; log: string[]; took: number }> {
  const { group, closeStdin, log } = family(leaderEndsBy, restEndsBy);
  const start = performance.now();
  const stopped = terminate(group, closeStdin, DEADLINES).then((ended) => ({
    ended,
    log,
    took: performance.now() - start,
  }));
  await vi.advanceTimersByTimeAsync(10_000);
  return stopped;
}

describe('terminate', () => {
  test('touches nothing that is gone', async () => {
    expect(await stop('gone')).toEqual({ ended: 'by-itself', log: [], took: 0 });
  });

  test('stops at the first step that helps', async () => {
    expect(await stop('stdin')).toMatchObject({ ended: 'stdin-closed', log: ['stdin at 0'] });
    expect(await stop('TERM')).toMatchObject({ ended: 'SIGTERM', log: ['stdin at 0', 'TERM at 2000'] });
    expect(await stop('KILL')).toMatchObject({
      ended: 'SIGKILL',
      log: ['stdin at 0', 'TERM at 2000', 'KILL at 4000'],
    });
  });

  test('gives up half a second after SIGKILL', async () => {
    expect(await stop('nothing')).toMatchObject({ ended: 'SIGKILL', took: 4500 });
  });

  test('what outlives the child gets half a second per step, and does not change what ended the child', async () => {
    const { ended, log, took } = await stop('stdin', 'KILL');
    expect([ended, log]).toEqual(['stdin-closed', ['stdin at 0', 'TERM at 500', 'KILL at 1000']]);
    expect(took).toBeLessThanOrEqual(1020);
    expect((await stop('gone', 'TERM')).ended).toBe('by-itself');
  });

  test('leaves neither timer nor listener', async () => {
    const { group, closeStdin } = family('TERM');
    const stopped = terminate(group, closeStdin, DEADLINES);
    await vi.advanceTimersByTimeAsync(3000);
    await stopped;
    expect([vi.getTimerCount(), group.child.listenerCount('exit')]).toEqual([0, 0]);
  });
});
