import { peerDeathEndsTheLink } from '../cases/peer-death-ends-the-link.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const blamesItself: Saboteur = {
  defect: 'every end of the link counts as our own doing',
  breaks: peerDeathEndsTheLink,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({ closed: near.closed.then((end) => ({ ...end, by: 'local' })) })),
};
