import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const answered: Case = {
  clause: 'a request is answered, a notification arrives',
  async run(bench) {
    const far = new Collector(echo);
    const { near, received } = await bench.live(far);
    await bench.within(
      near.send({ jsonrpc: '2.0', method: 'n', params: { a: 0 } }),
      'send() of a notification',
    );
    await bench.messages(far, 1);
    await bench.within(
      near.send({ jsonrpc: '2.0', id: 0, method: 'm', params: { a: 1 } }),
      'send() of a request',
    );
    const messages = await bench.messages(received, 1);
    same(messages[0], { jsonrpc: '2.0', id: 0, result: { echo: { a: 1 } } }, 'the answer');
    same(far.messages[0], { jsonrpc: '2.0', method: 'n', params: { a: 0 } }, 'the notification');
  },
};
