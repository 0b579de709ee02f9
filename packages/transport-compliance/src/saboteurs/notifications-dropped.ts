import { isRequest } from '@trunkline/protocol';
import { answered } from '../cases/answered.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const notificationsDropped: Saboteur = {
  defect: 'a notification is taken and never sent',
  breaks: answered,
  can: LANES,
  setup: () =>
    withNear(lanesLink(), (near) => ({
      send: (message, options) => (isRequest(message) ? near.send(message, options) : Promise.resolve()),
    })),
};
