import { isRequest } from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import type { Bench } from '../bench.ts';
import { missing, type Case } from '../case.ts';
import { same } from '../check.ts';
import { Collector } from '../collector.ts';

export const slowReceiverHoldsBackThePeer: Case = {
  clause: 'a receiver that asks for time makes the peer wait, and then gets everything',
  skip: ({ backPressure }) => missing(backPressure),
  async run(bench) {
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    let begin: (exchange: Exchange) => void = () => {};
    const flooding = new Promise<Exchange>((resolve) => (begin = resolve)).then((exchange) =>
      flood(bench, exchange),
    );
    const { near, received } = await bench.live(
      (message, exchange) => void (isRequest(message) && begin(exchange)),
      new Collector(() => gate),
    );
    await bench.within(near.send({ jsonrpc: '2.0', id: 1, method: 'm' }), 'send()');
    const { sent, waiting } = await flooding;
    same(received.messages.length, 1, 'messages that the receiver got before it took the first');
    goOn();
    await bench.within(waiting, 'the send that waited');
    const messages = await bench.messages(received, sent);
    const numbers = messages.map((message) => 'params' in message && message.params?.['number']);
    same(numbers, [...Array(sent).keys()], 'what arrived in the end');
  },
};

interface Flood {
  readonly sent: number;
  readonly waiting: Promise<void>;
}

/** Sends until a send waits. */
async function flood(bench: Bench, exchange: Exchange): Promise<Flood> {
  const pad = 'x'.repeat(64 * 1024);
  for (let number = 0; number < MOST; number++) {
    const waiting = exchange.send({ jsonrpc: '2.0', method: 'n', params: { number, pad } });
    if (await bench.stalls(waiting)) return { sent: number + 1, waiting };
  }
  throw new Error(`${MOST} messages of 64 KiB were taken although the receiver asked for time`);
}

/** 64 MiB: more than any buffer on the way should hold. */
const MOST = 1024;
