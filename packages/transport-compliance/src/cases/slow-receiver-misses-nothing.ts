import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const slowReceiverMissesNothing: Case = {
  clause: 'a receiver that asks for time misses nothing, and gets one message at a time',
  async run(bench) {
    let busy = false;
    let overlaps = 0;
    const slow = new Collector(async () => {
      if (busy) overlaps++;
      busy = true;
      await new Promise((resolve) => setTimeout(resolve, 1));
      busy = false;
    });
    const { near } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      for (let step = 0; step < STEPS; step++)
        post(exchange, { jsonrpc: '2.0', method: 'step', params: { step } });
      post(exchange, { jsonrpc: '2.0', id: message.id, result: {} });
    }, slow);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    const messages = await bench.messages(slow, STEPS + 1);
    const steps = Array.from({ length: STEPS }, (_, step) => ({
      jsonrpc: '2.0',
      method: 'step',
      params: { step },
    }));
    same(messages, [...steps, { jsonrpc: '2.0', id: 1, result: {} }], 'what came');
    same(overlaps, 0, 'messages that came while another was being taken');
  },
};

const STEPS = 30;
