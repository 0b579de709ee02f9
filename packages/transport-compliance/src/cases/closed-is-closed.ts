import type { Case } from '../case.ts';
import { rejectsWith, same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const closedIsClosed: Case = {
  clause: 'after close() nothing is sent and nothing is delivered',
  async run(bench) {
    const far = new Collector();
    const { near, received } = await bench.live(far);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(far, 1);
    await bench.within(near.close(), 'close()');
    const [exchange] = far.exchanges;
    if (exchange) post(exchange, { jsonrpc: '2.0', id: 1, result: {} });
    await rejectsWith(
      'closed',
      bench.within(near.send({ jsonrpc: '2.0', method: 'n' }), 'send()'),
      'send() after close()',
    );
    await bench.quiet();
    same(received.messages, [], 'what was delivered after close()');
  },
};
