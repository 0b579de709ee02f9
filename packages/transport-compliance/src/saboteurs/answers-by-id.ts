import { isRequest } from '@trunkline/protocol';
import type { RequestId } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import { sameIdOnTwoLanes } from '../cases/same-id-on-two-lanes.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import type { Saboteur } from '../saboteur.ts';

export const answersById: Saboteur = {
  defect: 'an answer goes to whichever lane used its id last',
  breaks: sameIdOnTwoLanes,
  can: LANES,
  setup() {
    const link = lanesLink();
    const lanes = new Map<RequestId | undefined, Exchange>();
    return {
      ...link,
      accept: (receiver) =>
        link.accept({
          message(message, exchange) {
            if (isRequest(message)) lanes.set(message.id, exchange);
            return receiver.message(message, {
              ...exchange,
              send: (reply) => ('method' in reply ? exchange : (lanes.get(reply.id) ?? exchange)).send(reply),
            });
          },
        }),
    };
  },
};
