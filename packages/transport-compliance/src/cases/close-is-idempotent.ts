import type { Case } from '../case.ts';
import { check, same } from '../check.ts';

export const closeIsIdempotent: Case = {
  clause: 'close() may be called at any time and any number of times, and never rejects',
  async run(bench) {
    const fresh = await bench.link();
    await bench.within(fresh.near.close(), 'close() before start()');
    await bench.within(fresh.near.closed, '`closed` before start()');
    const { near } = await bench.live();
    await bench.within(Promise.all([near.close(), near.close()]), 'two close() at once');
    await bench.within(near.close(), 'close() of a closed link');
    const first = await near.closed;
    same(first.by, 'local', 'who ended the link');
    check((await near.closed) === first, '`closed` changed');
  },
};
