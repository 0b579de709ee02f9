import { isRequest, isResponse } from '@trunkline/protocol';
import { anyOrderOfAnswers } from '../cases/any-order-of-answers.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const oneRequestAtATime: Saboteur = {
  defect: 'a request waits until the one before it is answered',
  breaks: anyOrderOfAnswers,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => {
      let answered = (): void => {};
      let turn: Promise<void> = Promise.resolve();
      return {
        start: (receiver) =>
          near.start({
            message(message, exchange) {
              if (isResponse(message)) answered();
              return receiver.message(message, exchange);
            },
          }),
        async send(message, options) {
          if (isRequest(message)) {
            const before = turn;
            turn = new Promise((resolve) => (answered = resolve));
            await before;
          }
          await near.send(message, options);
        },
      };
    }),
};
