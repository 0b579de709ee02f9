import { closedTellsWhy } from '../cases/closed-tells-why.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closedTooEarly: Saboteur = {
  defect: '`closed` resolves while the link is up',
  breaks: closedTellsWhy,
  can: SHARED,
  setup: () => withNear(sharedLink(), () => ({ closed: Promise.resolve({ by: 'local' }) })),
};
