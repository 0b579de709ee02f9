import type { StopDeadlines } from './parameters.ts';
import type { ProcessEnd } from './process-exit.ts';
import type { ProcessGroup } from './process-group.ts';

const LOOK_EVERY_MS = 20;

/**
 * Guarantees to settle within the sum of the deadlines: closes stdin, then asks the whole group to end, then ends it,
 * and stops at the first step after which nothing of it is left. Resolves with the step that ended the child itself.
 */
export async function terminate(
  group: ProcessGroup,
  closeStdin: () => void,
  deadlines: StopDeadlines,
): Promise<ProcessEnd> {
  let ended: ProcessEnd | undefined = group.leaderGone() ? 'by-itself' : undefined;
  if (group.gone()) return 'by-itself';
  const steps = [
    { name: 'stdin-closed', act: closeStdin, ms: deadlines.stdinMs },
    { name: 'SIGTERM', act: group.terminate, ms: deadlines.termMs },
    { name: 'SIGKILL', act: group.kill, ms: deadlines.killMs },
  ] as const;
  for (const { name, act, ms } of steps) {
    act();
    const gone = await goneWithin(group, ms, deadlines.killMs);
    if (group.leaderGone()) ended ??= name;
    if (gone) break;
  }
  return ended ?? 'SIGKILL';
}

/** One timer that looks until all is gone or the time is up: no event tells when a descendant ends. */
function goneWithin(group: ProcessGroup, ms: number, stragglersMs: number): Promise<boolean> {
  let until = performance.now() + ms;
  let leaderGone = false;
  return new Promise((resolve) => {
    const timer = setInterval(look, LOOK_EVERY_MS);
    group.child.on('exit', look);
    look();

    function look(): void {
      const now = performance.now();
      if (!leaderGone && group.leaderGone()) {
        leaderGone = true;
        until = Math.min(until, now + stragglersMs);
      }
      const gone = group.gone();
      if (!gone && now < until) return;
      clearInterval(timer);
      group.child.off('exit', look);
      resolve(gone);
    }
  });
}
