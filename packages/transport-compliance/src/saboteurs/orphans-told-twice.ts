import { peerDeathOrphans } from '../cases/peer-death-orphans.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const orphansToldTwice: Saboteur = {
  defect: 'a lane that ended is told of twice',
  breaks: peerDeathOrphans,
  can: LANES,
  setup: () =>
    withReceiver(lanesLink(), (receiver) => ({
      orphaned(id, cause) {
        receiver.orphaned?.(id, cause);
        receiver.orphaned?.(id, cause);
      },
    })),
};
