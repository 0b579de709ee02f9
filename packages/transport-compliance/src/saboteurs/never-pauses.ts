import { slowReceiverHoldsBackThePeer } from '../cases/slow-receiver-holds-back-the-peer.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const neverPauses: Saboteur = {
  defect: 'the promise of the receiver is not looked at',
  breaks: slowReceiverHoldsBackThePeer,
  can: LANES,
  setup: () =>
    withReceiver(lanesLink(), (receiver) => ({
      message: (message, exchange) => void receiver.message(message, exchange),
    })),
};
