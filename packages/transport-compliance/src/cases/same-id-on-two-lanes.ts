import { isRequest } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import { lanesOnly, missing, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, post } from '../collector.ts';

export const sameIdOnTwoLanes: Case = {
  clause: 'two lanes with the same id keep their answers apart',
  skip: (can) => missing(lanesOnly(can)),
  async run(bench) {
    const lanes = new Map<unknown, Exchange>();
    const far = new Collector((message, exchange) => {
      if (isRequest(message)) lanes.set(message.params?.['lane'], exchange);
    });
    const { near, received } = await bench.live(far);
    for (const lane of ['a', 'b'])
      await bench.within(near.send({ jsonrpc: '2.0', id: 7, method: 'm', params: { lane } }), 'send()');
    await bench.messages(far, 2);
    const expected: unknown[] = [];
    for (const [lane, exchange] of [...lanes].toReversed()) {
      const answer = { jsonrpc: '2.0', id: 7, result: { lane: String(lane) } } as const;
      post(exchange, answer);
      expected.push(answer);
      same(await bench.messages(received, expected.length), expected, 'the answers');
    }
    same(
      received.exchanges.map(({ inReplyTo }) => inReplyTo),
      [7, 7],
      'the requests that the lanes belong to',
    );
    same(new Set(far.exchanges.map(({ scope }) => scope)).size, 2, 'the scopes');
    same(received.orphans, [], 'the orphans');
  },
};
