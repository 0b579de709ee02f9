import type { Bench } from '../bench.ts';
import type { Case } from '../case.ts';
import { check } from '../check.ts';
import { openHandles } from '../platform.ts';

export const noHandleLeft: Case = {
  clause: 'a closed link leaves no handle behind',
  skip: () => (openHandles() ? undefined : 'the platform does not tell what is open'),
  async run(bench) {
    await useLinks(bench, 1);
    await bench.quiet();
    const before = countOpen();
    await useLinks(bench, LINKS);
    const left = (await stillOpen(bench, before)) - before;
    check(left < LINKS, `${LINKS} closed links left ${left} handles`);
  },
};

const LINKS = 10;

async function useLinks(bench: Bench, count: number): Promise<void> {
  for (let link = 0; link < count; link++) {
    const { near, received, link: made } = await bench.live();
    await near.send({ jsonrpc: '2.0', id: 1, method: 'm' });
    await bench.messages(received, 1);
    await bench.within(near.close(), 'close()');
    await made.release?.();
  }
}

/** How many handles stay open; those that are about to close are given the time to. */
async function stillOpen(bench: Bench, enough: number): Promise<number> {
  for (let tries = 0; tries < 10 && countOpen() > enough; tries++) await bench.quiet();
  return countOpen();
}

function countOpen(): number {
  return openHandles()?.length ?? 0;
}
