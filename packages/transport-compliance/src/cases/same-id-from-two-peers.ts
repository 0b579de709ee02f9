import { isRequest } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import type { Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const sameIdFromTwoPeers: Case = {
  clause: 'two peers that chose the same id never meet',
  async run(bench) {
    const waiting: [Exchange, unknown][] = [];
    const far = new Collector((message, exchange) => {
      if (!isRequest(message)) return;
      waiting.push([exchange, message.params?.['peer']]);
      if (waiting.length < 2) return;
      for (const [way, peer] of waiting.toReversed())
        post(way, { jsonrpc: '2.0', id: 7, result: { peer: String(peer) } });
    });
    const links = [await bench.live(far), await bench.live(far)];
    for (const [peer, { near }] of links.entries()) {
      await bench.within(near.send({ jsonrpc: '2.0', id: 7, method: 'm', params: { peer } }), 'send()');
    }
    for (const [peer, { received }] of links.entries()) {
      await bench.messages(received, 1);
      same(
        received.messages,
        [{ jsonrpc: '2.0', id: 7, result: { peer: String(peer) } }],
        `the answer to peer ${peer}`,
      );
    }
    const [first, second] = waiting;
    check(first?.[0].scope !== second?.[0].scope, 'the ids of two peers share one scope');
  },
};
