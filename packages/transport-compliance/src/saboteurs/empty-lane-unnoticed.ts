import { endWithoutAnswer } from '../cases/end-without-answer.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withReceiver, type Saboteur } from '../saboteur.ts';

export const emptyLaneUnnoticed: Saboteur = {
  defect: 'a lane that completes empty counts as complete',
  breaks: endWithoutAnswer,
  can: LANES,
  setup: () =>
    withReceiver(lanesLink(), (receiver) => ({
      orphaned: (id, cause) => cause.cause && receiver.orphaned?.(id, cause),
    })),
};
