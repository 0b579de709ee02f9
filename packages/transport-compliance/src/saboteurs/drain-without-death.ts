import { isTransportError } from '@trunkline/transport';
import { peerDeathSettlesSends } from '../cases/peer-death-settles-sends.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const drainWithoutDeath: Saboteur = {
  defect: 'a send waits for room and does not hear that the peer is dead',
  breaks: peerDeathSettlesSends,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      send: (message, options) =>
        near.send(message, options).catch((error: unknown) => {
          if (isTransportError(error) && error.code === 'closed') return new Promise<void>(() => {});
          throw error;
        }),
    })),
};
