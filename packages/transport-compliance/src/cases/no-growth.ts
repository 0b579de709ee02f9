import type { Bench } from '../bench.ts';
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
    let least = Infinity;
    // What a platform keeps of its first messages is kept once; a leak is there every time.
    for (let round = 0; round < ROUNDS && least >= BYTES_PER_MESSAGE; round++) {
      const before = await heapAtRest(bench);
      await callMany(bench, live, bench.volume);
      least = Math.min(least, ((await heapAtRest(bench)) - before) / bench.volume);
    }
    check(least < BYTES_PER_MESSAGE, `each message leaves ${Math.round(least)} bytes behind`);
  },
};

const ROUNDS = 5;

/** What is left of a message would be larger. */
const BYTES_PER_MESSAGE = 100;

/** What finalizers let go of is collected only the next time. */
async function heapAtRest(bench: Bench): Promise<number> {
  for (let collections = 0; collections < 3; collections++) {
    heapInUse();
    await bench.quiet();
  }
  return heapInUse() ?? 0;
}
