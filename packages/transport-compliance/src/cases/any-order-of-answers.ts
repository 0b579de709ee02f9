import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { post } from '../collector.ts';

export const anyOrderOfAnswers: Case = {
  clause: 'requests under way together may be answered in any order',
  async run(bench) {
    const answers: (() => void)[] = [];
    const { near, received } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      answers.push(() => post(exchange, { jsonrpc: '2.0', id: message.id, result: { of: message.id } }));
      if (answers.length === COUNT) for (const answer of answers.toReversed()) answer();
    });
    const sends = ids.map((id) => near.send({ jsonrpc: '2.0', id, method: 'm' }));
    await bench.within(Promise.all(sends), 'the sends');
    const messages = await bench.messages(received, COUNT);
    const results = messages.map((message) => 'result' in message && [message.id, message.result]);
    const byId = results.toSorted((left, right) => Number(left && left[0]) - Number(right && right[0]));
    same(
      byId,
      ids.map((id) => [id, { of: id }]),
      'the answers',
    );
  },
};

const COUNT = 20;
const ids = [...Array(COUNT).keys()];
