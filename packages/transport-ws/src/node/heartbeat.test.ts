import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { frame, PING, PONG, TEXT } from '../fixtures/frames.ts';
import { rawClient } from '../fixtures/raw-client.ts';
import { echo, recorder, request } from '../fixtures/recorder.ts';
import { testServer } from '../fixtures/server.ts';
import { within } from '../fixtures/within.ts';
import { webSocketClient } from './client.ts';

const INTERVAL = 30_000;

beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

test('a peer that is silent through two pings is gone', async () => {
  await using server = await testServer({ receiver: echo() });
  using client = await rawClient(server.port);
  const link = await server.link();
  for (let pings = 0; pings < 2; pings += 1) {
    vi.advanceTimersByTime(INTERVAL);
    expect(await client.next()).toMatchObject({ opcode: PING });
  }
  vi.advanceTimersByTime(INTERVAL);
  const { cause } = await within(link.closed, 'the end of the link');
  expect(cause).toMatchObject({ code: 'timed-out' });
  await within(client.closed, 'the end of the connection');
});

test.each([
  ['a pong', frame({ opcode: PONG })],
  ['a message', frame({ opcode: TEXT, payload: JSON.stringify(request(1)) })],
  ['a ping of its own', frame({ opcode: PING })],
])('%s is a sign of life', async (_, sign) => {
  await using server = await testServer({ receiver: echo() });
  using client = await rawClient(server.port);
  for (let turns = 0; turns < 5; turns += 1) {
    vi.advanceTimersByTime(INTERVAL);
    expect(await client.next()).toMatchObject({ opcode: PING });
    client.send(sign, frame({ opcode: PING, payload: 'still there?' }));
    for (let heard = ''; heard !== 'still there?';) heard = (await client.next()).payload.toString();
  }
});

test('a client finds out too that its server is gone', async () => {
  await using server = await testServer({ receiver: echo() });
  const link = webSocketClient(server.url)();
  await link.start(recorder());
  await server.link();
  const [socket] = server.sockets;
  socket?.pause();
  for (let turns = 0; turns < 3; turns += 1) vi.advanceTimersByTime(INTERVAL);
  expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'timed-out' });
});

test('silence means nothing while reading is paused', async () => {
  let goOn = (): void => {};
  const slow = recorder(() => new Promise((resolve) => (goOn = resolve)));
  await using server = await testServer({ receiver: slow });
  const client = webSocketClient(server.url, { pingInterval: 0 })();
  await client.start(recorder());
  await client.send(request(1));
  await slow.count(1);
  for (let turns = 0; turns < 5; turns += 1) vi.advanceTimersByTime(INTERVAL);
  await client.send(request(2));
  goOn();
  await slow.count(2);
  expect(slow.messages).toHaveLength(2);
  goOn();
  await client.close();
});

test('an interval of 0 sends no pings', async () => {
  await using server = await testServer({ receiver: echo(), pingInterval: 0 });
  using _ = await rawClient(server.port);
  await server.link();
  expect(vi.getTimerCount()).toBe(0);
});

test('a closed link leaves no timer', async () => {
  await using server = await testServer({ receiver: echo() });
  const client = webSocketClient(server.url)();
  await client.start(recorder());
  const link = await server.link();
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await client.close();
  await within(link.closed, 'the end of the link');
  expect(vi.getTimerCount()).toBe(0);
});
