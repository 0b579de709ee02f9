import { TransportError } from '@trunkline/transport';
import { closeIsIdempotent } from '../cases/close-is-idempotent.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closeRejectsTwice: Saboteur = {
  defect: 'a second close() rejects',
  breaks: closeIsIdempotent,
  can: LANES,
  setup: () =>
    withNear(lanesLink(), (near) => {
      let closing = false;
      return {
        close(cause) {
          if (closing) return Promise.reject(new TransportError('misuse', 'close() was called before'));
          closing = true;
          return near.close(cause);
        },
      };
    }),
};
