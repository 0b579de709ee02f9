import { noListenerLeft } from '../cases/no-listener-left.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const listenerLeft: Saboteur = {
  defect: 'every send leaves a listener on its signal',
  breaks: noListenerLeft,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      send(message, options) {
        options?.signal?.addEventListener('abort', () => void near.closed);
        return near.send(message, options);
      },
    })),
};
