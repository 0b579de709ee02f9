import { isTransportError } from '@trunkline/transport';
import { missing, type Case } from '../case.ts';
import { check, outcomeOf } from '../check.ts';

export const peerDeathSettlesSends: Case = {
  clause: 'the death of the peer settles every send, those that wait and those that come',
  skip: ({ sever }) => missing(sever),
  async run(bench) {
    const { link, near } = await bench.live(() => new Promise(() => {}));
    const pad = 'x'.repeat(4096);
    const sends = Array.from({ length: 300 }, (_, id) =>
      outcomeOf(near.send({ jsonrpc: '2.0', id, method: 'm', params: { pad } })),
    );
    await bench.quiet();
    await link.sever?.();
    await bench.within(Promise.all(sends), 'a send that waited');
    const late = near.send({ jsonrpc: '2.0', id: 'late', method: 'm' });
    const outcome = await bench.within(outcomeOf(late), 'a send after the death');
    if ('reason' in outcome)
      check(isTransportError(outcome.reason), `it rejected with ${String(outcome.reason)}`);
  },
};
