import type { Clock, Timer } from './clock.ts';

/** Milliseconds between two looks at the clocks. */
const INTERVAL = 5_000;

/** Milliseconds by which a look may be late, or the clocks apart, without anybody having slept. */
const TOLERANCE = 5_000;

/**
 * Notices that this process slept: it was stopped (the look comes late) or the machine was suspended (the clock on the wall
 * ran ahead of the one that never jumps). A wall clock that is set forward looks the same and does no harm. Keeps no process
 * alive; ends when the returned function is called.
 */
export function watchWaking(clock: Clock, onWake: () => void): () => void {
  let timer: Timer;
  const look = (): void => {
    const [due, ahead] = [clock.now() + INTERVAL, clock.wall() - clock.now()];
    timer = clock.after(INTERVAL, () => {
      const late = clock.now() - due;
      const jumped = clock.wall() - clock.now() - ahead;
      look();
      if (late > TOLERANCE || jumped > TOLERANCE) onWake();
    });
    timer.hold(false);
  };
  look();
  return () => timer.cancel();
}
