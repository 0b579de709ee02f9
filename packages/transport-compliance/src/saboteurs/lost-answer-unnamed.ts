import { TransportError } from '@trunkline/transport';
import { defectiveResponse } from '../cases/defective-response.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const lostAnswerUnnamed: Saboteur = {
  defect: 'a defective response does not say whose answer it was, so the call waits for its time limit',
  breaks: defectiveResponse,
  can: SHARED,
  setup: () =>
    withReceiver(sharedLink(), (receiver) => ({
      fault: (error) => receiver.fault?.(new TransportError(error.code, 'a message was dropped')),
    })),
};
