import { abortEndsItsOwnLane } from '../cases/abort-ends-its-own-lane.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const abortEndsEveryLane: Saboteur = {
  defect: 'an abort ends every lane',
  breaks: abortEndsItsOwnLane,
  can: LANES,
  setup: () =>
    withNear(lanesLink(), (near) => {
      const all = new AbortController();
      return {
        send(message, options) {
          options?.signal?.throwIfAborted();
          options?.signal?.addEventListener('abort', () => all.abort());
          return near.send(message, { ...options, signal: all.signal });
        },
      };
    }),
};
