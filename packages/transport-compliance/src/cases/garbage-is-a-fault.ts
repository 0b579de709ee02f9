import { missing, type Case } from '../case.ts';
import { same } from '../check.ts';

export const garbageIsAFault: Case = {
  clause: 'input that is no message is a fault with the answer to it, and the link lives',
  skip: ({ inject }) => missing(inject),
  async run(bench) {
    const { link, near, received } = await bench.live();
    for (const raw of ['[1, 2', '42', '{"jsonrpc":"2.0","id":5,"method":7}', '{"id":1,"id":2}'])
      await link.inject?.(raw);
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    const faults = received.faults.map(({ code, answer }) => [
      code,
      answer?.error.code,
      answer?.id ?? 'no id',
    ]);
    same(
      faults,
      [
        ['malformed', -32700, 'no id'],
        ['malformed', -32600, 'no id'],
        ['malformed', -32600, 5],
        ['malformed', -32600, 'no id'],
      ],
      'the faults',
    );
    same(received.messages.length, 1, 'messages that were delivered');
  },
};
