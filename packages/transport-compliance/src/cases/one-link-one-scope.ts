import { missing, sharedOnly, type Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const oneLinkOneScope: Case = {
  clause: 'all messages of one link share its scope',
  skip: (can) => missing(sharedOnly(can)),
  async run(bench) {
    const far = new Collector(echo);
    const { near, received } = await bench.live(far);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.within(near.send({ jsonrpc: '2.0', method: 'n' }), 'send()');
    await bench.within(near.send({ jsonrpc: '2.0', id: 2, method: 'm' }), 'send()');
    await bench.messages(received, 2);
    same(new Set(far.exchanges.map(({ scope }) => scope)).size, 1, 'the scopes at the far side');
    same(new Set(received.exchanges.map(({ scope }) => scope)).size, 1, 'the scopes at the near side');
    check(far.exchanges[0]?.scope !== received.exchanges[0]?.scope, 'the two ends share one scope');
  },
};
