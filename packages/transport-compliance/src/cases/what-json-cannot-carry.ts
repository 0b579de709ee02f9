import type { Case } from '../case.ts';
import { rejectsWith, same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const whatJsonCannotCarry: Case = {
  clause: 'a message that JSON cannot carry is misuse, and the link lives',
  async run(bench) {
    const far = new Collector(echo);
    const { near, received } = await bench.live(far);
    const cycle: Record<string, never> = {};
    Object.assign(cycle, { cycle });
    for (const params of [{ big: 1n as never }, cycle]) {
      const sending = near.send({ jsonrpc: '2.0', id: 1, method: 'impossible', params });
      await rejectsWith('misuse', bench.within(sending, 'send()'), 'send()');
    }
    await bench.within(near.send({ jsonrpc: '2.0', id: 2, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    same(far.messages, [{ jsonrpc: '2.0', id: 2, method: 'm' }], 'what arrived');
    same(received.orphans, [], 'the orphans');
  },
};
