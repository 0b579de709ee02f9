import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { callMany } from '../load.ts';

export const volume: Case = {
  clause: 'of many requests each is answered once',
  async run(bench) {
    const live = await bench.live();
    await callMany(bench, live, bench.volume);
    await bench.quiet();
    same(live.received.messages, [], 'what came when all was answered');
    same(live.received.faults.map(String), [], 'the faults');
    same(live.received.orphans, [], 'the orphans');
  },
};
