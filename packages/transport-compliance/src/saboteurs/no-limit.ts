import { oversize } from '../cases/oversize.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const noLimit: Saboteur = {
  defect: 'a message may be as long as memory is',
  breaks: oversize,
  can: SHARED,
  setup: () => sharedLink({ maxBytes: Infinity }),
};
