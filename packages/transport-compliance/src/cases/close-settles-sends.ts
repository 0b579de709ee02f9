import { isTransportError } from '@trunkline/transport';
import type { Case } from '../case.ts';
import { check, outcomeOf } from '../check.ts';

export const closeSettlesSends: Case = {
  clause: 'close() settles every send that waits',
  async run(bench) {
    const { near } = await bench.live(() => new Promise(() => {}));
    const pad = 'x'.repeat(4096);
    const sends = Array.from({ length: 300 }, (_, id) =>
      outcomeOf(near.send({ jsonrpc: '2.0', id, method: 'm', params: { pad } })),
    );
    await bench.quiet();
    await bench.within(near.close(), 'close()');
    for (const outcome of await bench.within(Promise.all(sends), 'a send that waited')) {
      if ('reason' in outcome)
        check(isTransportError(outcome.reason), `a send rejected with ${String(outcome.reason)}`);
    }
  },
};
