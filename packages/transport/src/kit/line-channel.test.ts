import { describe, expect, test } from 'vitest';
import type { Transport } from '../transport.ts';
import { channelTransport } from './channel.ts';
import { lineChannel, type LineChannelOptions } from './line-channel.ts';
import { collector, echo } from './testing/collector.ts';

type Bytes = TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>;

const utf8 = new TextEncoder();
const ping = (id: number): { jsonrpc: '2.0'; id: number; method: string } => ({
  jsonrpc: '2.0',
  id,
  method: 'ping',
});

test('messages cross both ways', async () => {
  const link = pair();
  const { near, far } = link;
  const receiver = collector();
  await far.start(collector(echo));
  await near.start(receiver);
  await Promise.all([1, 2, 3].map((id) => near.send(ping(id))));
  expect(await receiver.until(3)).toEqual([1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, result: {} })));
  await near.close();
  await expect(far.closed).resolves.toEqual({ by: 'remote' });
});

describe('bytes', () => {
  test('that are no message are faults, and the link lives', async () => {
    const { near, down } = pair({ maxBytes: 60 });
    const receiver = collector();
    await near.start(receiver);
    const writer = down.writable.getWriter();
    await writer.write(utf8.encode('no json\n'));
    await writer.write(new Uint8Array([0xff, 0x0a]));
    await writer.write(utf8.encode(`${'x'.repeat(61)}\n${JSON.stringify(ping(1))}\n`));
    await receiver.until(1);
    expect(receiver.faults.map(({ code }) => code)).toEqual(['malformed', 'malformed', 'too-large']);
    await near.close();
  });

  test('that end without a newline are a message still', async () => {
    const { near, down } = pair();
    const receiver = collector();
    await near.start(receiver);
    const writer = down.writable.getWriter();
    await writer.write(utf8.encode(JSON.stringify(ping(1))));
    await writer.close();
    await expect(near.closed).resolves.toEqual({ by: 'remote' });
    expect(receiver.messages).toEqual([ping(1)]);
  });
});

describe('an end', () => {
  test('of the readable with an error is the cause', async () => {
    const { near, down } = pair();
    await near.start(collector());
    await down.writable.abort(new Error('ECONNRESET'));
    await expect(near.closed).resolves.toEqual({ by: 'remote', cause: new Error('ECONNRESET') });
  });

  test('of the writable settles the sends', async () => {
    const { near, up } = pair();
    await near.start(collector());
    const sends = Promise.allSettled([1, 2, 3].map((id) => near.send(ping(id))));
    await up.readable.cancel(new Error('EPIPE'));
    for (const outcome of (await sends).slice(1))
      expect(outcome).toMatchObject({ reason: { code: 'closed' } });
    await expect(near.closed).resolves.toMatchObject({ by: 'remote' });
  });

  test('of a link whose peer does not read comes within the grace', async () => {
    const { near, far } = pair({ graceMs: 20 });
    await near.start(collector());
    const sends = Promise.allSettled([1, 2, 3].map((id) => near.send(ping(id))));
    await near.close();
    expect(await sends).toContainEqual(expect.objectContaining({ status: 'rejected' }));
    await far.close();
  });

  test('waits for what was written', async () => {
    const { near, far } = pair();
    const receiver = collector();
    await near.start(collector());
    const sending = near.send(ping(1)).catch((error: unknown) => error);
    const closing = near.close();
    expect(await sending).toMatchObject({ code: 'closed', delivery: 'unknown' });
    await far.start(receiver);
    await receiver.until(1);
    await closing;
  });
});

test('a receiver that asks for time stops the stream', async () => {
  const { near, far } = pair();
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  const slow = collector(() => gate);
  await far.start(slow);
  await near.start(collector());
  let sent = 0;
  const all = Promise.all(Array.from({ length: 50 }, (_, id) => near.send(ping(id)).then(() => sent++)));
  await slow.until(1);
  await new Promise((resolve) => setImmediate(resolve));
  expect(slow.messages).toHaveLength(1);
  expect(sent).toBeLessThan(50);
  goOn();
  await all;
  expect((await slow.until(50)).map((message) => 'id' in message && message.id)).toEqual([
    ...Array(50).keys(),
  ]);
  await near.close();
});

/** A link over two byte streams; its far end is made when a test asks for it. */
function pair(options?: LineChannelOptions): { near: Transport; far: Transport; up: Bytes; down: Bytes } {
  const up: Bytes = new TransformStream();
  const down: Bytes = new TransformStream();
  const binding = { name: 'lines', lanes: 'shared' } as const;
  const over = (input: Bytes, output: Bytes): Transport =>
    channelTransport(binding, lineChannel({ readable: input.readable, writable: output.writable }, options));
  let far: Transport | undefined;
  return {
    near: over(down, up),
    get far() {
      return (far ??= over(up, down));
    },
    up,
    down,
  };
}
