import { noHandleLeft } from '../cases/no-handle-left.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

const timers = new Set<ReturnType<typeof setInterval>>();

export const timerLeft: Saboteur = {
  defect: 'the timer that keeps the link alive outlives it',
  breaks: noHandleLeft,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      start(receiver) {
        timers.add(setInterval(() => {}, 60_000));
        return near.start(receiver);
      },
    })),
  stop() {
    for (const timer of timers) clearInterval(timer);
    timers.clear();
  },
};
