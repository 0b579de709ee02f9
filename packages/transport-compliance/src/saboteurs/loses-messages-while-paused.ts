import { slowReceiverMissesNothing } from '../cases/slow-receiver-misses-nothing.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const losesMessagesWhilePaused: Saboteur = {
  defect: 'what comes while the receiver takes its time is lost',
  breaks: slowReceiverMissesNothing,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => {
      let busy = false;
      return {
        message(message, exchange) {
          const taken = busy ? undefined : receiver.message(message, exchange);
          if (!taken) return;
          busy = true;
          void taken.finally(() => (busy = false));
        },
      };
    }),
};
