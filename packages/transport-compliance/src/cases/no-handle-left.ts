import type { Bench } from '../bench.ts';
import type { Case } from '../case.ts';
import { check } from '../check.ts';
import { openHandles } from '../platform.ts';

export const noHandleLeft: Case = {
  clause: 'a closed link leaves no handle behind',
  skip: () => (openHandles() ? undefined : 'the platform does not tell what is open'),
  async run(bench) {
    await useLinks(bench, 1);
    const before = await openAtRest(bench);
    await useLinks(bench, LINKS);
    const left = (await openAtRest(bench)) - before;
    check(left < LINKS, `${LINKS} closed links left ${left} handles`);
  },
};

const LINKS = 10;

async function useLinks(bench: Bench, count: number): Promise<void> {
  for (let made = 0; made < count; made++) {
    const { link, near, received } = await bench.live();
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    await bench.within(near.close(), 'close()');
    await link.release?.();
  }
}

/** How many handles are open once nothing closes any more. */
async function openAtRest(bench: Bench): Promise<number> {
  const counts: number[] = [];
  do {
    await bench.quiet();
    counts.push(openHandles()?.length ?? 0);
  } while (counts.length < 3 || (new Set(counts.slice(-3)).size > 1 && counts.length < 50));
  return counts.at(-1) ?? 0;
}
