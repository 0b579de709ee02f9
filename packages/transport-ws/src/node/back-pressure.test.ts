import type { Transport } from '@trunkline/transport';
import { afterEach, expect, test, vi } from 'vitest';
import { rawClient } from '../fixtures/raw-client.ts';
import { echo, recorder } from '../fixtures/recorder.ts';
import { testServer } from '../fixtures/server.ts';
import { rejection, within } from '../fixtures/within.ts';
import { webSocketClient } from './client.ts';

const MIB = 1024 * 1024;
const pad = 'x'.repeat(64 * 1024);

afterEach(() => void vi.useRealTimers());

/** Sends until a send waits; tells how many did not. */
async function fill(link: Transport): Promise<{ sent: number; waiting: Promise<void> }> {
  for (let sent = 0; sent < 1024; sent += 1) {
    const sending = link.send({ jsonrpc: '2.0', method: 'n', params: { number: sent, pad } });
    const settled = sending.then(
      () => true,
      () => true,
    );
    if (!(await Promise.race([settled, turns(50)]))) return { sent, waiting: sending };
  }
  throw new Error('64 MiB were taken by a peer that does not read');
}

/** So many turns of the event loop, in which whatever has room for a message would take it. */
async function turns(count: number): Promise<false> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return false;
}

test('a peer with a closed window makes the sender wait, with a bounded buffer', async () => {
  await using server = await testServer({ receiver: echo() });
  using client = await rawClient(server.port);
  const link = await server.link();
  client.socket.pause();
  const { sent, waiting } = await fill(link);
  const [socket] = server.sockets;
  expect(socket?.writableLength).toBeLessThan(2 * MIB);
  client.socket.resume();
  await within(waiting, 'room');
  for (let number = 0; number <= sent; number += 1) {
    const message: unknown = JSON.parse((await client.next()).payload.toString());
    expect(message).toMatchObject({ params: { number } });
  }
});

test('more than 16 Mi characters behind it are refused', async () => {
  await using server = await testServer({ receiver: echo(), grace: 0 });
  using client = await rawClient(server.port);
  const link = await server.link();
  client.socket.pause();
  const { waiting } = await fill(link);
  const large = { jsonrpc: '2.0', method: 'n', params: { pad: 'x'.repeat(8 * MIB) } } as const;
  const first = link.send(large);
  expect(await rejection(link.send(large))).toMatchObject({ code: 'overloaded', delivery: 'not-sent' });
  client.socket.destroy();
  expect(await rejection(waiting)).toMatchObject({ code: 'closed', delivery: 'unknown' });
  expect(await rejection(first)).toMatchObject({ code: 'closed', delivery: 'not-sent' });
});

test('a peer that takes nothing for 30 s is cut off with 1013', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  await using server = await testServer({ receiver: echo() });
  using client = await rawClient(server.port);
  const link = await server.link();
  client.socket.pause();
  const { waiting } = await fill(link);
  const outcome = waiting.catch((error: unknown) => error);
  vi.advanceTimersByTime(29_000);
  vi.advanceTimersByTime(1_500);
  vi.advanceTimersByTime(1_000);
  vi.useRealTimers();
  const { cause } = await within(link.closed, 'the end of the link');
  expect(cause).toMatchObject({ code: 'overloaded', status: 1013 });
  expect(await outcome).toMatchObject({ code: 'closed' });
});

test('a client waits for its server in the same way', async () => {
  let goOn = (): void => {};
  const slow = recorder((message) =>
    'method' in message && message.params?.['number'] === 0
      ? new Promise((resolve) => (goOn = resolve))
      : undefined,
  );
  await using server = await testServer({ receiver: slow });
  const client = webSocketClient(server.url)();
  await client.start(recorder());
  const { sent, waiting } = await fill(client);
  expect(slow.messages).toHaveLength(1);
  goOn();
  await within(waiting, 'room');
  await slow.count(sent + 1);
  expect(slow.messages.map((message) => 'method' in message && message.params?.['number'])).toEqual([
    ...Array(sent + 1).keys(),
  ]);
  await client.close();
});
