import { oneLinkOneScope } from '../cases/one-link-one-scope.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withFarExchange, type Saboteur } from '../saboteur.ts';

export const scopeForEachMessage: Saboteur = {
  defect: 'every message has a scope of its own, so a cancellation finds nothing',
  breaks: oneLinkOneScope,
  can: SHARED,
  setup: () => withFarExchange(sharedLink(), () => ({ scope: {} })),
};
