import { garbageIsAFault } from '../cases/garbage-is-a-fault.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const parseErrorsSwallowed: Saboteur = {
  defect: 'input that cannot be parsed is dropped without a word',
  breaks: garbageIsAFault,
  can: SHARED,
  setup: () => withReceiver(sharedLink(), () => ({ fault() {} })),
};
