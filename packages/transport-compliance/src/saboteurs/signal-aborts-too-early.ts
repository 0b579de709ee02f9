import { signalTellsTheEnd } from '../cases/signal-tells-the-end.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withFarExchange, type Saboteur } from '../saboteur.ts';

export const signalAbortsTooEarly: Saboteur = {
  defect: 'the signal of an exchange aborts once the request was read',
  breaks: signalTellsTheEnd,
  can: SHARED,
  setup: () => withFarExchange(sharedLink(), () => ({ signal: AbortSignal.timeout(1) })),
};
