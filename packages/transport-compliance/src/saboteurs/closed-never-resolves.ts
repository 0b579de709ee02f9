import { closeIsIdempotent } from '../cases/close-is-idempotent.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const closedNeverResolves: Saboteur = {
  defect: '`closed` is pending for ever',
  breaks: closeIsIdempotent,
  can: SHARED,
  setup: () => withNear(sharedLink(), () => ({ closed: new Promise(() => {}) })),
};
