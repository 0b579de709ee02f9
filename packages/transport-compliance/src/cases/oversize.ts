import { isRequest } from '@trunkline/protocol';
import type { Case } from '../case.ts';
import { check, same } from '../check.ts';
import { post } from '../collector.ts';

export const oversize: Case = {
  clause: 'a message beyond the limit is never delivered, and whoever waits for it is told',
  skip: ({ limit }) => (typeof limit === 'string' ? limit : undefined),
  async run(bench) {
    const limit = Number(bench.can.limit);
    const { near, received } = await bench.live((message, exchange) => {
      if (!isRequest(message)) return;
      const pad = message.method === 'big' ? 'x'.repeat(limit + 1) : '';
      post(exchange, { jsonrpc: '2.0', id: message.id, result: { pad } });
    });
    let closed = false;
    void near.closed.then(() => (closed = true));
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'big' }), 'send()');
    const told = received.until(() => received.faults.length + received.orphans.length > 0);
    await bench.within(Promise.race([told, near.closed]), 'a fault, orphaned() or the end of the link');
    same(received.messages, [], 'what was delivered');
    if (closed) return;
    const [fault] = received.faults;
    check(fault === undefined || fault.code === 'too-large', `the fault is ${fault?.code}`);
    await bench.within(near.send({ jsonrpc: '2.0', id: 2, method: 'small' }), 'send()');
    const messages = await bench.messages(received, 1);
    same(messages[0], { jsonrpc: '2.0', id: 2, result: { pad: '' } }, 'the next answer');
  },
};
