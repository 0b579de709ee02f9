import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const stuckReceiverCanBeClosed: Case = {
  clause: 'close() does not wait for a receiver that asked for time',
  async run(bench) {
    const stuck = new Collector(() => new Promise(() => {}));
    const { near } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      for (let step = 0; step < 100; step++) {
        post(exchange, { jsonrpc: '2.0', method: 'step', params: { step, pad: 'x'.repeat(4096) } });
      }
    }, stuck);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(stuck, 1);
    await bench.within(near.close(), 'close()');
    same((await bench.within(near.closed, '`closed`')).by, 'local', 'who ended the link');
    same(stuck.messages.length, 1, 'messages that were delivered');
  },
};
