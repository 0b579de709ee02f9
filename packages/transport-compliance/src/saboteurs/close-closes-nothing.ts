import { closedIsClosed } from '../cases/closed-is-closed.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closeClosesNothing: Saboteur = {
  defect: 'after close() messages still come and go',
  breaks: closedIsClosed,
  can: SHARED,
  setup() {
    const link = sharedLink();
    return {
      ...withNear(link, () => ({ closed: Promise.resolve({ by: 'local' }), close: () => Promise.resolve() })),
      release: () => link.near.close(),
    };
  },
};
