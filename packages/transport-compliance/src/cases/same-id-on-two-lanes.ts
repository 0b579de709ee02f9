import { isRequest } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import { lanesOnly, missing, type Case } from '../case.ts';
import { same } from '../check.ts';
import { post } from '../collector.ts';

export const sameIdOnTwoLanes: Case = {
  clause: 'two lanes with the same id keep their answers apart',
  skip: (can) => missing(lanesOnly(can)),
  async run(bench) {
    const lanes: [Exchange, unknown][] = [];
    const { near, received } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      lanes.push([exchange, message.params?.['lane']]);
      if (lanes.length < 2) return;
      for (const [way, lane] of lanes.toReversed())
        post(way, { jsonrpc: '2.0', id: 7, result: { lane: String(lane) } });
    });
    await Promise.all(
      ['a', 'b'].map((lane) => near.send({ jsonrpc: '2.0', id: 7, method: 'm', params: { lane } })),
    );
    const messages = await bench.messages(received, 2);
    const answers = messages.map((message) => 'result' in message && message.result['lane']);
    same([answers.includes('a'), answers.includes('b')], [true, true], 'whether both were answered');
    same(
      received.exchanges.map(({ inReplyTo }) => inReplyTo),
      [7, 7],
      'the requests that the lanes belong to',
    );
    same(new Set(lanes.map(([way]) => way.scope)).size, 2, 'the scopes');
  },
};
