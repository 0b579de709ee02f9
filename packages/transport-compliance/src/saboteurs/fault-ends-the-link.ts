import { garbageIsAFault } from '../cases/garbage-is-a-fault.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const faultEndsTheLink: Saboteur = {
  defect: 'one line of garbage ends the link',
  breaks: garbageIsAFault,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      start: (receiver) =>
        near.start({
          message: (message, exchange) => receiver.message(message, exchange),
          fault(error) {
            receiver.fault?.(error);
            void near.close(error);
          },
        }),
    })),
};
