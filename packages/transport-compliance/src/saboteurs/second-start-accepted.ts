import { startOnce } from '../cases/start-once.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const secondStartAccepted: Saboteur = {
  defect: 'a second start() is taken for the first',
  breaks: startOnce,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => {
      let started: Promise<void> | undefined;
      return { start: (receiver) => (started ??= near.start(receiver)) };
    }),
};
