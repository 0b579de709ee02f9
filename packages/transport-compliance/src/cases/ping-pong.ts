import type { Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const pingPong: Case = {
  clause: 'a receiver may send from within its message, for ever',
  async run(bench) {
    const rounds = Math.min(bench.volume, 2000);
    const errors: unknown[] = [];
    const received = new Collector(() => {
      if (received.messages.length < rounds) next();
    });
    const { near } = await bench.live(echo, received);
    const next = (): void => {
      const id = received.messages.length;
      near.send({ jsonrpc: '2.0', id, method: 'm' }).catch((error: unknown) => errors.push(error));
    };
    next();
    await bench.messages(received, rounds);
    same(
      received.messages.map((message) => 'id' in message && message.id),
      [...Array(rounds).keys()],
      'the answers',
    );
    same([received.faults.map(String), errors.map(String)], [[], []], 'the faults and failures');
  },
};
