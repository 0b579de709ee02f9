import { missing, sharedOnly, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector } from '../collector.ts';

export const peerDeathEndsTheLink: Case = {
  clause: 'the death of the peer ends the link, as its doing',
  skip: (can) => missing(sharedOnly(can), can.sever),
  async run(bench) {
    const far = new Collector();
    const { link, near } = await bench.live(far);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(far, 1);
    await link.sever?.();
    const { by } = await bench.within(near.closed, '`closed`');
    same(by, 'remote', 'who ended the link');
    await bench.within(near.close(), 'close() of a dead link');
  },
};
