import type { Case } from '../case.ts';
import { check } from '../check.ts';
import { callMany } from '../load.ts';
import { heapInUse } from '../platform.ts';

export const noGrowth: Case = {
  clause: 'memory does not grow with the messages that went by',
  skip: () => (heapInUse() === undefined ? 'the heap is known only with --expose-gc' : undefined),
  async run(bench) {
    const live = await bench.live();
    await callMany(bench, live, bench.volume / 10);
    const before = heapInUse() ?? 0;
    await callMany(bench, live, bench.volume);
    const grown = (heapInUse() ?? 0) - before;
    const perMessage = grown / bench.volume;
    check(perMessage < BYTES_PER_MESSAGE, `${grown} bytes more after ${bench.volume} messages`);
  },
};

/** What is left of a message would be larger. */
const BYTES_PER_MESSAGE = 100;
