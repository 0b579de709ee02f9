import { isRequest } from '@trunkline/protocol';
import { peerAsks } from '../cases/peer-asks.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const questionsDropped: Saboteur = {
  defect: 'a request of the peer is taken for noise while ours is under way',
  breaks: peerAsks,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => ({
      message: (message, exchange) => (isRequest(message) ? undefined : receiver.message(message, exchange)),
    })),
};
