import { flushedByClose } from '../cases/flushed-by-close.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const closeDropsWhatWasTaken: Saboteur = {
  defect: 'close() drops what was taken and not yet written',
  breaks: flushedByClose,
  can: SHARED,
  setup: () =>
    sharedLink({
      channel(channel) {
        let timer: ReturnType<typeof setTimeout> | undefined;
        let taken: string[] = [];
        const flush = (): void => {
          for (const frame of taken) Promise.resolve(channel.write(frame)).catch(() => {});
          taken = [];
        };
        return {
          ...channel,
          write(frame) {
            taken.push(frame);
            clearTimeout(timer);
            timer = setTimeout(flush, 1);
          },
          close(cause) {
            clearTimeout(timer);
            return channel.close(cause);
          },
        };
      },
    }),
};
