import type { Bench, LiveLink } from './bench.ts';
import { same } from './check.ts';
import type { SendOptions } from '@trunkline/transport';

/** Has `count` requests answered, 100 at a time, and checks that each is answered once. Forgets what it has checked. */
export async function callMany(
  bench: Bench,
  { near, received }: LiveLink,
  count: number,
  options?: SendOptions,
): Promise<void> {
  for (let first = 0; first < count; first += WINDOW) {
    const ids = Array.from({ length: Math.min(WINDOW, count - first) }, (_, index) => first + index);
    const sends = ids.map((id) => near.send({ jsonrpc: '2.0', id, method: 'm', params: { id } }, options));
    await bench.within(Promise.all(sends), `the sends from request ${first} on`);
    const messages = await bench.messages(received, ids.length);
    const answered = messages.map((message) => ('id' in message ? Number(message.id) : undefined));
    same(
      answered.toSorted((left, right) => Number(left) - Number(right)),
      ids,
      'the requests that were answered',
    );
    received.forget();
  }
}

const WINDOW = 100;
