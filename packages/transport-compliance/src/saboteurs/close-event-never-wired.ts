import { peerDeathEndsTheLink } from '../cases/peer-death-ends-the-link.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const closeEventNeverWired: Saboteur = {
  defect: 'the close event of the channel is never wired',
  breaks: peerDeathEndsTheLink,
  can: SHARED,
  setup: () =>
    sharedLink({
      channel: (channel) => ({ ...channel, open: (events) => channel.open({ ...events, closed() {} }) }),
    }),
};
