import { lanesOnly, missing, type Case } from '../case.ts';
import { same } from '../check.ts';

export const endWithoutAnswer: Case = {
  clause: 'a lane that completes empty orphans its request',
  skip: (can) => missing(lanesOnly(can)),
  async run(bench) {
    const { near, received } = await bench.live((_, exchange) => exchange.end());
    await bench.within(near.send({ jsonrpc: '2.0', id: 7, method: 'm' }), 'send()');
    await bench.until(received, 'orphaned()', () => received.orphans.length > 0);
    await bench.quiet();
    same(
      received.orphans.map(({ id }) => id),
      [7],
      'the orphans',
    );
    same(received.messages, [], 'what was delivered');
  },
};
