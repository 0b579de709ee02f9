import { missing, sharedOnly, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const refusedBatch: Case = {
  clause: 'a batch that is refused is answered with one error and nothing else',
  skip: (can) => missing(sharedOnly(can), can.inject),
  async run(bench) {
    const far = new Collector();
    const { link, received } = await bench.live(far);
    await link.inject?.('[{"jsonrpc":"2.0","id":1,"method":"m"},{"jsonrpc":"2.0","id":2,"method":"m"}]');
    await bench.messages(received, 2);
    const refusal = { jsonrpc: '2.0', error: { code: -32600, message: 'no batches' } } as const;
    for (const { batch } of received.exchanges) batch?.refuse(refusal);
    for (const [index, exchange] of received.exchanges.entries()) {
      post(exchange, { jsonrpc: '2.0', id: index + 1, result: {} });
    }
    await bench.messages(far, 1);
    await bench.quiet();
    same(far.messages, [refusal], 'what was answered');
  },
};
