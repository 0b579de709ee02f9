import { closedTellsWhy } from '../cases/closed-tells-why.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const causeForgotten: Saboteur = {
  defect: 'close() forgets the cause it was given',
  breaks: closedTellsWhy,
  can: LANES,
  setup: () => withNear(lanesLink(), (near) => ({ close: () => near.close() })),
};
