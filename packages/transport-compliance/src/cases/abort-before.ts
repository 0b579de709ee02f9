import type { Case } from '../case.ts';
import { check, outcomeOf, same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const abortBefore: Case = {
  clause: 'a message whose signal is aborted already is not sent; its reason comes back untouched',
  async run(bench) {
    const far = new Collector(echo);
    const { near, received } = await bench.live(far);
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const sending = near.send({ jsonrpc: '2.0', id: 1, method: 'aborted' }, { signal });
    const outcome = await bench.within(outcomeOf(sending), 'send()');
    check(
      'reason' in outcome && outcome.reason === reason,
      'it did not reject with the reason of the signal',
    );
    await bench.within(near.send({ jsonrpc: '2.0', id: 2, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    same(far.messages, [{ jsonrpc: '2.0', id: 2, method: 'm' }], 'what arrived');
  },
};
