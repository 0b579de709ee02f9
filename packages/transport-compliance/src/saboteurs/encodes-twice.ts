import { encodedResponse } from '../cases/encoded-response.ts';
import { SHARED, sharedLink } from '../reference/shared.ts';
import { withFarExchange, type Saboteur } from '../saboteur.ts';

export const encodesTwice: Saboteur = {
  defect: 'a result that is text already becomes a string on the wire',
  breaks: encodedResponse,
  can: SHARED,
  setup: () =>
    withFarExchange(sharedLink(), (exchange) => ({
      send: (message) =>
        exchange.send(
          'jsonrpc' in message ? message : { ...message, json: JSON.stringify({ json: message.json }) },
        ),
    })),
};
