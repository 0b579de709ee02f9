import type { Case } from '../case.ts';
import { check } from '../check.ts';
import { Collector } from '../collector.ts';

export const signalTellsTheEnd: Case = {
  clause: 'the signal of an exchange aborts when nobody can listen any more, and not before',
  async run(bench) {
    const far = new Collector();
    const { near } = await bench.live(far);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(far, 1);
    const signal = far.exchanges[0]?.signal;
    await bench.quiet();
    check(signal?.aborted === false, 'it aborted while the peer was listening');
    const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
    await bench.within(near.close(), 'close()');
    if (!signal.aborted) await bench.within(aborted, 'the abort');
  },
};
