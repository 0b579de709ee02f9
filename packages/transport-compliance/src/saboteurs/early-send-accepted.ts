import { notBeforeStart } from '../cases/not-before-start.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const earlySendAccepted: Saboteur = {
  defect: 'send() before start() resolves, and the message is gone',
  breaks: notBeforeStart,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => {
      let started = false;
      return {
        start(receiver) {
          started = true;
          return near.start(receiver);
        },
        send: (message, options) => (started ? near.send(message, options) : Promise.resolve()),
      };
    }),
};
