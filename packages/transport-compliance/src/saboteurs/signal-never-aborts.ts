import { signalTellsTheEnd } from '../cases/signal-tells-the-end.ts';
import { LANES, lanesLink } from '../reference/lanes.ts';
import { withFarExchange, type Saboteur } from '../saboteur.ts';

export const signalNeverAborts: Saboteur = {
  defect: 'the signal of an exchange never aborts, so work goes on for nobody',
  breaks: signalTellsTheEnd,
  can: LANES,
  setup: () => withFarExchange(lanesLink(), () => ({ signal: new AbortController().signal })),
};
