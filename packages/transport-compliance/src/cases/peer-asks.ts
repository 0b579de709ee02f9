import { isRequest } from '@trunkline/protocol';
import { missing, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, echo, post } from '../collector.ts';

export const peerAsks: Case = {
  clause: 'the peer may ask while it is asked, and is answered',
  skip: (can) => missing(can.peerAsks),
  async run(bench) {
    let asked: { answer(result: object): void } | undefined;
    const far = new Collector((message, exchange) => {
      if (isRequest(message)) {
        asked = {
          answer: (result) => post(exchange, { jsonrpc: '2.0', id: message.id, result: { ...result } }),
        };
        post(exchange, { jsonrpc: '2.0', id: 1, method: 'question', params: { of: message.method } });
      } else if ('result' in message) asked?.answer(message.result);
    });
    const { near, received } = await bench.live(far, new Collector(echo));
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    const messages = await bench.messages(received, 2);
    same(messages[1], { jsonrpc: '2.0', id: 1, result: { echo: { of: 'm' } } }, 'the answer in the end');
  },
};
