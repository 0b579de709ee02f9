import { refusedBatch } from '../cases/refused-batch.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const refusalIgnored: Saboteur = {
  defect: 'a batch is answered although it was refused',
  breaks: refusedBatch,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => ({
      message(message, exchange) {
        const { batch, signal, origin, scope } = exchange;
        if (!batch) return receiver.message(message, exchange);
        return receiver.message(message, {
          signal,
          origin,
          scope,
          batch: { messages: batch.messages, refuse() {} },
          send: (reply) => exchange.send(reply),
          end: () => exchange.end(),
        });
      },
    })),
};
