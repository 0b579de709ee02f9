import type { Case } from '../case.ts';
import { check } from '../check.ts';

export const closedTellsWhy: Case = {
  clause: '`closed` is pending while the link is up, then tells who ended it and why',
  async run(bench) {
    const { near, received } = await bench.live();
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    check(await bench.stalls(near.closed), '`closed` resolved on a living link');
    const cause = new Error('the reason');
    await bench.within(near.close(cause), 'close()');
    const closed = await bench.within(near.closed, '`closed`');
    check(
      closed.by === 'local' && closed.cause === cause,
      `the link ended by ${closed.by}, for ${String(closed.cause)}`,
    );
  },
};
