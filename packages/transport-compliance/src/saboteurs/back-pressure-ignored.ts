import { slowPeerHoldsBackTheSender } from '../cases/slow-peer-holds-back-the-sender.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const backPressureIgnored: Saboteur = {
  defect: 'a write counts as done before the peer made room',
  breaks: slowPeerHoldsBackTheSender,
  can: SHARED,
  setup: () =>
    sharedLink({
      channel: (channel) => ({
        ...channel,
        write: (frame) => void Promise.resolve(channel.write(frame)).catch(() => {}),
      }),
    }),
};
