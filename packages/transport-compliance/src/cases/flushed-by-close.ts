import { missing, sharedOnly, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector } from '../collector.ts';

export const flushedByClose: Case = {
  clause: 'what send() took is not lost by close()',
  skip: (can) => missing(sharedOnly(can)),
  async run(bench) {
    const far = new Collector();
    const { near } = await bench.live(far);
    for (const number of [1, 2, 3])
      await bench.within(near.send({ jsonrpc: '2.0', method: 'n', params: { number } }), 'send()');
    await bench.within(near.close(), 'close()');
    const messages = await bench.messages(far, 3);
    same(
      messages.map((message) => 'params' in message && message.params),
      [1, 2, 3].map((number) => ({ number })),
      'what arrived',
    );
  },
};
