import { missing, sharedOnly, type Case } from '../case.ts';
import { check, same } from '../check.ts';
import { Collector } from '../collector.ts';

export const slowPeerHoldsBackTheSender: Case = {
  clause: 'a peer that stops reading makes the sender wait, and then gets everything',
  skip: (can) => missing(sharedOnly(can), can.backPressure),
  async run(bench) {
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const far = new Collector(() => gate);
    const { near } = await bench.live(far);
    const pad = 'x'.repeat(64 * 1024);
    let sent = 0;
    let waiting: Promise<void> | undefined;
    while (waiting === undefined) {
      check(sent < MOST, `${sent} messages of 64 KiB were taken although the peer does not read`);
      const sending = near.send({ jsonrpc: '2.0', method: 'n', params: { number: sent++, pad } });
      if (await bench.stalls(sending)) waiting = sending;
    }
    same(far.messages.length, 1, 'messages that a receiver got before it took the first');
    goOn();
    await bench.within(waiting, 'the send that waited');
    const messages = await bench.messages(far, sent);
    const numbers = messages.map((message) => 'params' in message && message.params?.['number']);
    same(numbers, [...Array(sent).keys()], 'what arrived in the end');
  },
};

/** 64 MiB: more than any buffer on the way should hold. */
const MOST = 1024;
