import { receiverThatThrows } from '../cases/receiver-that-throws.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const receiverErrorEndsTheLink: Saboteur = {
  defect: 'a receiver that throws takes the link down',
  breaks: receiverThatThrows,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      start: (receiver) =>
        near.start({
          message(message, exchange) {
            try {
              return receiver.message(message, exchange);
            } catch (error) {
              void near.close(error as Error);
              throw error;
            }
          },
        }),
    })),
};
