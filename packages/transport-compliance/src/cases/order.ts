import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { post } from '../collector.ts';

export const order: Case = {
  clause: 'notifications of a request arrive before its response, in order',
  async run(bench) {
    const { near, received } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      for (let step = 0; step < STEPS; step++)
        post(exchange, { jsonrpc: '2.0', method: 'step', params: { step } });
      post(exchange, { jsonrpc: '2.0', id: message.id, result: {} });
    });
    await bench.within(near.send({ jsonrpc: '2.0', id: 'x', method: 'm' }), 'send()');
    const messages = await bench.messages(received, STEPS + 1);
    const steps = Array.from({ length: STEPS }, (_, step) => ({
      jsonrpc: '2.0',
      method: 'step',
      params: { step },
    }));
    same(messages, [...steps, { jsonrpc: '2.0', id: 'x', result: {} }], 'what came');
  },
};

const STEPS = 50;
