import { isRequest } from '@trunkline/protocol';
import { lanesOnly, missing, type Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const abortEndsItsOwnLane: Case = {
  clause: 'an abort reaches the far side of its own lane, and no other',
  skip: (can) => missing(lanesOnly(can)),
  async run(bench) {
    const far = new Collector((_, exchange) => post(exchange, { jsonrpc: '2.0', method: 'begun' }));
    const { near, received } = await bench.live(far);
    const stop = new AbortController();
    await bench.within(
      near.send({ jsonrpc: '2.0', id: 1, method: 'aborted' }, { signal: stop.signal }),
      'send()',
    );
    await bench.within(
      near.send({ jsonrpc: '2.0', id: 2, method: 'spared' }, { signal: new AbortController().signal }),
      'send()',
    );
    await bench.messages(received, 2);
    const laneOf = (method: string): Collector['exchanges'][number] | undefined =>
      far.exchanges[far.messages.findIndex((message) => isRequest(message) && message.method === method)];
    const aborted = laneOf('aborted')?.signal;
    const spared = laneOf('spared');
    check(aborted?.aborted === false, 'the lane ended before it was aborted');
    const heard = new Promise((resolve) => aborted.addEventListener('abort', resolve));
    stop.abort();
    await bench.within(heard, 'the abort on the far side');
    await bench.quiet();
    check(spared?.signal.aborted === false, 'the other lane ended too');
    post(spared, { jsonrpc: '2.0', id: 2, result: {} });
    const messages = await bench.messages(received, 3);
    same(messages[2], { jsonrpc: '2.0', id: 2, result: {} }, 'the answer on the other lane');
    same(received.orphans, [], 'the orphans, of which an aborted request is none');
  },
};
