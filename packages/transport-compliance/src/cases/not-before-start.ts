import type { Case } from '../case.ts';
import { rejectsWith, same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const notBeforeStart: Case = {
  clause: 'send() before start() is misuse, and sends nothing',
  async run(bench) {
    const far = new Collector(echo);
    const link = await bench.link();
    const early = link.near.send({ jsonrpc: '2.0', id: 1, method: 'early' });
    await rejectsWith('misuse', bench.within(early, 'send()'), 'send() before start()');
    await link.accept(far);
    const received = new Collector();
    await bench.within(link.near.start(received), 'start()');
    await bench.within(link.near.send({ jsonrpc: '2.0', id: 2, method: 'late' }), 'send()');
    await bench.messages(received, 1);
    same(far.messages, [{ jsonrpc: '2.0', id: 2, method: 'late' }], 'what arrived');
  },
};
