import { missing, sharedOnly, type Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const batch: Case = {
  clause: 'a batch is delivered as its messages and answered as one array',
  skip: (can) => missing(sharedOnly(can), can.inject),
  async run(bench) {
    const far = new Collector();
    const { link, received } = await bench.live(far);
    const messages = [
      { jsonrpc: '2.0', id: 1, method: 'm' },
      { jsonrpc: '2.0', method: 'n' },
      { jsonrpc: '2.0', id: 2, method: 'm' },
    ];
    await link.inject?.(JSON.stringify(messages));
    await bench.messages(received, 3);
    same(received.messages, messages, 'the messages');
    const [first, second, third] = received.exchanges;
    check(
      first?.batch !== undefined && first.batch === second?.batch && first.batch === third?.batch,
      'no batch is shared',
    );
    same(first.batch.messages, messages, 'the messages of the batch');
    if (third) post(third, { jsonrpc: '2.0', id: 2, result: {} });
    await bench.quiet();
    same(far.messages, [], 'what was answered before all was');
    post(first, { jsonrpc: '2.0', id: 1, result: {} });
    await bench.messages(far, 2);
    same(far.exchanges[0]?.batch?.messages.length, 2, 'the answers that came as one array');
  },
};
