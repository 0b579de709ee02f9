import { sameIdFromTwoPeers } from '../cases/same-id-from-two-peers.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withFarExchange, type Saboteur } from '../saboteur.ts';

const scope = {};

export const oneScopeForAllPeers: Saboteur = {
  defect: 'the exchanges of all peers share one scope, so one peer can cancel the work of another',
  breaks: sameIdFromTwoPeers,
  can: SHARED,
  setup: () => withFarExchange(sharedLink(), () => ({ scope })),
};
