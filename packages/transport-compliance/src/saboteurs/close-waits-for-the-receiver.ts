import { stuckReceiverCanBeClosed } from '../cases/stuck-receiver-can-be-closed.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closeWaitsForTheReceiver: Saboteur = {
  defect: 'close() waits until the receiver has taken what it is taking',
  breaks: stuckReceiverCanBeClosed,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => {
      let taking: void | Promise<void>;
      return {
        start: (receiver) =>
          near.start({ message: (message, exchange) => (taking = receiver.message(message, exchange)) }),
        async close(cause) {
          await taking;
          await near.close(cause);
        },
      };
    }),
};
