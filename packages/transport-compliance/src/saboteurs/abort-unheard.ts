import { abortEndsItsOwnLane } from '../cases/abort-ends-its-own-lane.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const abortUnheard: Saboteur = {
  defect: 'an abort after the hand-over is not passed on',
  breaks: abortEndsItsOwnLane,
  can: LANES,
  setup: () =>
    withNear(lanesLink(), (near) => ({
      async send(message, options) {
        options?.signal?.throwIfAborted();
        await near.send(message);
      },
    })),
};
