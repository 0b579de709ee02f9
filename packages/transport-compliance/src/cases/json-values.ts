import type { Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector, echo } from '../collector.ts';

export const jsonValues: Case = {
  clause: 'messages cross as JSON, never by reference',
  async run(bench) {
    const far = new Collector(echo);
    const { near, received } = await bench.live(far);
    const inner = { changed: false };
    const params = {
      text: 'π\u2028\u2029\u0000\r\n"\\😀',
      lone: '\ud800',
      big: 'x'.repeat(
        typeof bench.can.limit === 'number' ? Math.min(MEBIBYTE, bench.can.limit / 4) : MEBIBYTE,
      ),
      numbers: [0, -1.5e-7, Number.MAX_SAFE_INTEGER],
      gone: undefined,
      when: new Date(0) as never,
      inner,
    };
    const expected: unknown = JSON.parse(JSON.stringify(params));
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm', params }), 'send()');
    inner.changed = true;
    const [answer] = await bench.messages(received, 1);
    same(answer, { jsonrpc: '2.0', id: 1, result: { echo: expected } }, 'the echo');
    const [arrived] = far.messages;
    check(
      arrived !== undefined && 'params' in arrived && arrived.params !== params,
      'the very object arrived',
    );
  },
};

const MEBIBYTE = 1024 * 1024;
