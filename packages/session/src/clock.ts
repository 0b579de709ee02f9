/** Where a session takes its time from. Tests inject their own. */
export interface Clock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Milliseconds since 1970 on the clock on the wall. */
  wall(): number;
  /** Runs `run` once, `delay` milliseconds from now, unless cancelled. */
  after(delay: number, run: () => void): Timer;
}

/** A timer that has not fired yet. */
export interface Timer {
  cancel(): void;
  /** Says whether this timer alone may keep the process alive; it may until told otherwise. */
  hold(on: boolean): void;
}

/** The platform's own clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delay, run) {
    const timer: unknown = setTimeout(run, delay);
    return {
      cancel: () => clearTimeout(timer as number),
      hold: (on) => {
        if (canHold(timer)) timer[on ? 'ref' : 'unref']();
      },
    };
  },
};

function canHold(timer: unknown): timer is { ref(): void; unref(): void } {
  return typeof timer === 'object' && timer !== null && 'unref' in timer;
}
