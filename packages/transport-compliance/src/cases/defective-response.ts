import { missing, type Case } from '../case.ts';
import { same } from '../check.ts';

export const defectiveResponse: Case = {
  clause: 'a defective response is a fault that names the request, and is not to be answered',
  skip: ({ inject }) => missing(inject),
  async run(bench) {
    const { link, near, received } = await bench.live();
    await link.inject?.('{"jsonrpc":"2.0","id":"a","error":"boom"}');
    await link.inject?.('{"jsonrpc":"2.0","id":2,"result":{},"error":{"code":1,"message":"x"}}');
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    await bench.messages(received, 1);
    same(
      received.faults.map(({ inReplyTo }) => inReplyTo),
      ['a', 2],
      'the requests that the faults name',
    );
    same(
      received.faults.map(({ answer }) => answer === undefined),
      [true, true],
      'whether there is nothing to answer',
    );
  },
};
