import { abortWhileQueued } from '../cases/abort-while-queued.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const abortedMessageStillSent: Saboteur = {
  defect: 'an aborted message rejects and stays in the queue',
  breaks: abortWhileQueued,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      send(message, { signal } = {}) {
        signal?.throwIfAborted();
        const aborted = new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
        return Promise.race([near.send(message), aborted]);
      },
    })),
};
