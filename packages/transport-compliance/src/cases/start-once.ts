import type { Case } from '../case.ts';
import { rejectsWith } from '../check.ts';
import { Collector } from '../collector.ts';

export const startOnce: Case = {
  clause: 'a second start() is misuse, and the link lives on',
  async run(bench) {
    const { near, received } = await bench.live();
    await rejectsWith(
      'misuse',
      bench.within(near.start(new Collector()), 'the second start()'),
      'the second start()',
    );
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(received, 1);
  },
};
