import { peerDeathOrphans } from '../cases/peer-death-orphans.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const orphansNeverTold: Saboteur = {
  defect: 'nobody hears that a lane ended without a response',
  breaks: peerDeathOrphans,
  can: LANES,
  setup: () => withReceiver(lanesLink(), () => ({ orphaned() {} })),
};
