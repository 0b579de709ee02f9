import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { post } from '../collector.ts';

export const encodedResponse: Case = {
  clause: 'a result that is text already crosses as the result it is',
  async run(bench) {
    const result = { text: 'a\nb "quoted" \u2028', list: [1, { deep: null }] };
    const { near, received } = await bench.live((message, exchange) => {
      if (isRequest(message)) post(exchange, { id: message.id, json: JSON.stringify(result, undefined, 2) });
    });
    for (const id of ['x"y', 2]) await bench.within(near.send({ jsonrpc: '2.0', id, method: 'm' }), 'send()');
    const messages = await bench.messages(received, 2);
    const expected = ['x"y', 2].map((id) => ({ jsonrpc: '2.0', id, result }));
    const byType = messages.toSorted((left) => ('id' in left && typeof left.id === 'string' ? -1 : 1));
    same(byType, expected, 'the responses');
  },
};
