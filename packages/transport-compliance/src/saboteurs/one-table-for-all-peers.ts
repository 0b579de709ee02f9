import { isRequest } from '@trunkline/protocol';
import type { RequestId } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import { sameIdFromTwoPeers } from '../cases/same-id-from-two-peers.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

const waiting = new Map<RequestId | undefined, Exchange>();

export const oneTableForAllPeers: Saboteur = {
  defect: 'one table of request ids serves all peers, so an answer reaches the wrong one',
  breaks: sameIdFromTwoPeers,
  can: SHARED,
  setup() {
    const link = sharedLink();
    return {
      ...link,
      accept: (receiver) =>
        link.accept({
          message(message, exchange) {
            if (isRequest(message)) waiting.set(message.id, exchange);
            return receiver.message(message, {
              ...exchange,
              send: (reply) =>
                ('method' in reply ? exchange : (waiting.get(reply.id) ?? exchange)).send(reply),
            });
          },
        }),
    };
  },
};
