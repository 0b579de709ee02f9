import { describe, expect, test } from 'vitest';
import { messagePortTransport } from './message-port.ts';
import { collector, echo } from './testing/collector.ts';

const ping = (id: number): { jsonrpc: '2.0'; id: number; method: string } => ({
  jsonrpc: '2.0',
  id,
  method: 'ping',
});
const note = (count: number): { jsonrpc: '2.0'; method: string; params: { count: number } } => ({
  jsonrpc: '2.0',
  method: 'n',
  params: { count },
});

test('requests are answered and the peer hears of the end', async () => {
  const { near, far } = pair();
  const receiver = collector();
  await far.start(collector(echo));
  await near.start(receiver);
  await Promise.all([1, 2, 3].map((id) => near.send(ping(id))));
  expect(await receiver.until(3)).toEqual([1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, result: {} })));
  await near.close();
  await expect(far.closed).resolves.toEqual({ by: 'remote' });
});

test('what was sent before the end arrives before it', async () => {
  const { near, far } = pair();
  const receiver = collector();
  await near.start(collector());
  await near.send(ping(1));
  await near.close();
  await far.start(receiver);
  await expect(far.closed).resolves.toEqual({ by: 'remote' });
  expect(receiver.messages).toEqual([ping(1)]);
});

describe('a peer that is paused', () => {
  test('makes the sender wait after 64 messages, and gets all of them', async () => {
    const { near, far } = pair();
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const slow = collector(() => gate);
    await far.start(slow);
    await near.start(collector());
    let sent = 0;
    const all = Promise.all(
      Array.from({ length: 200 }, (_, count) => near.send(note(count)).then(() => sent++)),
    );
    await slow.until(1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(slow.messages).toHaveLength(1);
    expect(sent).toBe(63);
    goOn();
    await all;
    expect(await slow.until(200)).toEqual(Array.from({ length: 200 }, (_, count) => note(count)));
    await near.close();
  });

  test('gets what came before the end', async () => {
    const { near, far } = pair();
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const slow = collector(() => gate);
    await far.start(slow);
    await near.start(collector());
    for (let count = 0; count < 5; count++) await near.send(note(count));
    await slow.until(1);
    await near.close();
    goOn();
    await expect(far.closed).resolves.toEqual({ by: 'remote' });
    expect(slow.messages).toHaveLength(5);
  });
});

describe('a peer that breaks the rules', () => {
  test('is reported when it sends what is no frame', async () => {
    const { port1, port2 } = new MessageChannel();
    const receiver = collector();
    const near = messagePortTransport(port1);
    await near.start(receiver);
    port2.start();
    for (const message of [{ jsonrpc: '2.0' }, 'garbage', -1, 0.5, JSON.stringify(ping(1))])
      post(port2, message);
    await receiver.until(1);
    expect(receiver.faults.map(({ code }) => code)).toEqual([
      'malformed',
      'malformed',
      'malformed',
      'malformed',
    ]);
    await near.close();
  });

  test('ends the link when it sends far ahead of a paused receiver', async () => {
    const { port1, port2 } = new MessageChannel();
    const near = messagePortTransport(port1);
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const slow = collector((message) => (message === slow.messages[0] ? gate : undefined));
    await near.start(slow);
    const hungUp = new Promise((resolve) => port2.addEventListener('close', resolve));
    port2.start();
    for (let count = 0; count < 80; count++) post(port2, JSON.stringify(note(count)));
    await slow.until(1);
    await hungUp;
    goOn();
    await expect(near.closed).resolves.toMatchObject({ by: 'remote', cause: { code: 'overloaded' } });
    expect(slow.messages).toHaveLength(1);
  });
});

function pair(): {
  near: ReturnType<typeof messagePortTransport>;
  far: ReturnType<typeof messagePortTransport>;
} {
  const { port1, port2 } = new MessageChannel();
  return { near: messagePortTransport(port1), far: messagePortTransport(port2) };
}

function post(port: MessagePort, message: unknown): void {
  port.postMessage(message);
}
