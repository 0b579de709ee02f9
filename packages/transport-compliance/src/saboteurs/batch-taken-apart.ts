import { batch } from '../cases/batch.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import type { Saboteur } from '../saboteur.ts';

export const batchTakenApart: Saboteur = {
  defect: 'the messages of a batch are delivered and answered one by one',
  breaks: batch,
  can: SHARED,
  setup: () =>
    sharedLink({
      channel: (channel) => ({
        ...channel,
        open: (events) =>
          channel.open({
            ...events,
            frame(text) {
              if (!text.startsWith('[{')) return events.frame(text);
              for (const message of JSON.parse(text) as object[]) events.frame(JSON.stringify(message));
            },
          }),
      }),
    }),
};
