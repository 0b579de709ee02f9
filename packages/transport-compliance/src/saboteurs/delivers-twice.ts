import { volume } from '../cases/volume.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const deliversTwice: Saboteur = {
  defect: 'now and then a message is delivered a second time',
  breaks: volume,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => {
      let count = 0;
      return {
        message(message, exchange) {
          if (++count % 70 === 0) void receiver.message(message, exchange);
          return receiver.message(message, exchange);
        },
      };
    }),
};
