import { systemClock, type Clock } from '@trunkline/session';

/** The platform's clock, and how many of its timers are set. */
export interface CountingClock extends Clock {
  readonly armed: number;
}

export function countingClock(): CountingClock {
  const armed = new Set<object>();
  return {
    get armed() {
      return armed.size;
    },
    now: () => systemClock.now(),
    wall: () => systemClock.wall(),
    after(delay, run) {
      const key = {};
      armed.add(key);
      const timer = systemClock.after(delay, () => {
        armed.delete(key);
        run();
      });
      return {
        hold: (on) => timer.hold(on),
        cancel() {
          armed.delete(key);
          timer.cancel();
        },
      };
    },
  };
}
