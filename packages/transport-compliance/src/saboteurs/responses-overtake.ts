import { isResponse } from '@trunkline/protocol';
import { order } from '../cases/order.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const responsesOvertake: Saboteur = {
  defect: 'notifications are delivered a turn later than responses',
  breaks: order,
  can: LANES,
  setup: () =>
    withReceiver(lanesLink(), (receiver) => ({
      message(message, exchange) {
        if (isResponse(message)) return receiver.message(message, exchange);
        setTimeout(() => void receiver.message(message, exchange));
        return undefined;
      },
    })),
};
