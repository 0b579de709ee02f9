import type { JsonRpcMessage } from '@trunkline/protocol';
import { expect, test } from 'vitest';
import type { Exchange, Receiver, Transport } from '../transport.ts';
import { trackAnswers } from './track-answers.ts';

/** A link whose peer is played by the test. */
function played(): { answered: () => Promise<void>; say: (message: JsonRpcMessage) => Exchange } {
  let receiver: Receiver | undefined;
  let seen: Exchange | undefined;
  const exchange: Exchange = {
    signal: new AbortController().signal,
    origin: {},
    scope: {},
    send: () => Promise.resolve(),
    end: () => {},
  };
  const transport: Transport = {
    binding: { name: 'played', lanes: 'shared' },
    start: async (given) => void (receiver = given),
    send: () => Promise.resolve(),
    close: () => Promise.resolve(),
    closed: new Promise(() => {}),
  };
  const tracking = trackAnswers(transport);
  void tracking.transport.start({ message: (_, way) => void (seen = way) });
  return {
    answered: () => tracking.answered(),
    say(message) {
      void receiver?.message(message, exchange);
      return seen as Exchange;
    },
  };
}

const request = { jsonrpc: '2.0', id: 'd', method: 'tools/call', params: {} } as const;

test('the refusal of a second request with the same id does not answer the first', async () => {
  const { answered, say } = played();
  const way = say(request);
  say(request);
  await way.send({ jsonrpc: '2.0', id: 'd', error: { code: -32600, message: 'running' } });
  let over = false;
  const done = answered().then(() => (over = true));
  await Promise.resolve();
  expect(over).toBe(false);
  await way.send({ jsonrpc: '2.0', id: 'd', result: {} });
  await done;
  expect(over).toBe(true);
});
