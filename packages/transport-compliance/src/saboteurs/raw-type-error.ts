import { whatJsonCannotCarry } from '../cases/what-json-cannot-carry.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withNear, type Saboteur } from '../saboteur.ts';

export const rawTypeError: Saboteur = {
  defect: 'what JSON cannot carry comes back as a bare TypeError',
  breaks: whatJsonCannotCarry,
  can: SHARED,
  setup: () =>
    withNear(sharedLink(), (near) => ({
      async send(message, options) {
        JSON.stringify(message);
        await near.send(message, options);
      },
    })),
};
