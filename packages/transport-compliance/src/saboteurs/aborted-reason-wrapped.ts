import { TransportError } from '@trunkline/transport';
import { abortBefore } from '../cases/abort-before.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const abortedReasonWrapped: Saboteur = {
  defect: 'an abort rejects with an error of its own instead of the reason',
  breaks: abortBefore,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      send: (message, options) =>
        near.send(message, options).catch((cause: unknown) => {
          throw options?.signal?.aborted ? new TransportError('not-sent', 'aborted', { cause }) : cause;
        }),
    })),
};
