import type { JsonRpcMessage } from '@trunkline/protocol';
import { noGrowth } from '../cases/no-growth.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const remembersEveryMessage: Saboteur = {
  defect: 'every message is kept until the link ends',
  breaks: noGrowth,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => {
      const history: JsonRpcMessage[] = [];
      return {
        message(message, exchange) {
          history.push(message);
          return receiver.message(message, exchange);
        },
      };
    }),
};
