import { oversize } from '../cases/oversize.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const oversizeSwallowed: Saboteur = {
  defect: 'a message beyond the limit is skipped without a word',
  breaks: oversize,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => ({
      fault: (error, exchange) => error.code !== 'too-large' && receiver.fault?.(error, exchange),
    })),
};
