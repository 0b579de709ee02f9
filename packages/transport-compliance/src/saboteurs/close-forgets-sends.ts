import { closeSettlesSends } from '../cases/close-settles-sends.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closeForgetsSends: Saboteur = {
  defect: 'close() forgets the sends that wait',
  breaks: closeSettlesSends,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => {
      let closing = false;
      return {
        send: (message, options) =>
          near.send(message, options).catch((error: unknown) => {
            if (closing) return new Promise<void>(() => {});
            throw error;
          }),
        close(cause) {
          closing = true;
          return near.close(cause);
        },
      };
    }),
};
