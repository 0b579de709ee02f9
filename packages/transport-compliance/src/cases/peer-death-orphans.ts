import { isTransportError } from '@trunkline/transport';
import { lanesOnly, missing, type Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector } from '../collector.ts';

export const peerDeathOrphans: Case = {
  clause: 'the death of the peer orphans each request under way, once',
  skip: (can) => missing(lanesOnly(can), can.sever),
  async run(bench) {
    const far = new Collector();
    const { link, near, received } = await bench.live(far);
    for (const id of [1, '1']) await bench.within(near.send({ jsonrpc: '2.0', id, method: 'm' }), 'send()');
    await bench.messages(far, 2);
    await link.sever?.();
    await bench.until(received, 'orphaned()', () => received.orphans.length >= 2);
    await bench.quiet();
    same(
      received.orphans.map(({ id }) => `${typeof id} ${id}`).toSorted(),
      ['number 1', 'string 1'],
      'the orphans',
    );
    for (const { cause } of received.orphans) check(isTransportError(cause), `the cause is ${String(cause)}`);
  },
};
