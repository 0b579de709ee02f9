import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector } from '../collector.ts';

export const receiverThatThrows: Case = {
  clause: 'a receiver that throws or rejects costs a message, not the link',
  async run(bench) {
    let times = 0;
    const clumsy = new Collector(() => {
      times++;
      if (times === 1) throw new Error('thrown by the receiver');
      return times === 2 ? Promise.reject(new Error('rejected by the receiver')) : undefined;
    });
    const { near } = await bench.live(undefined, clumsy);
    for (const id of [1, 2, 3]) {
      await bench.within(near.send({ jsonrpc: '2.0', id, method: 'm' }), `send() of request ${id}`);
      await bench.messages(clumsy, id);
    }
    same(
      clumsy.messages.map((message) => 'id' in message && message.id),
      [1, 2, 3],
      'the answers that came',
    );
  },
};
