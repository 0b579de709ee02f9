import { describe, expect, test } from 'vitest';
import type { JsonRpcMessage } from '@trunkline/protocol';
import { memoryPair } from './pair.ts';

const note = (count: number): { jsonrpc: '2.0'; method: string; params: { count: number } } => ({
  jsonrpc: '2.0',
  method: 'n',
  params: { count },
});

test('a message is delivered in a later microtask, never within send', async () => {
  const [near, far] = memoryPair();
  const seen: JsonRpcMessage[] = [];
  await far.start({ message: (message) => void seen.push(message) });
  await near.start({ message: () => undefined });
  const sending = near.send(note(1));
  expect(seen).toEqual([]);
  await sending;
  await Promise.resolve();
  expect(seen).toEqual([note(1)]);
  await near.close();
});

describe('either end may start first', () => {
  test('what was sent before the other end starts waits for it', async () => {
    const [near, far] = memoryPair();
    const seen: JsonRpcMessage[] = [];
    await near.start({ message: () => undefined });
    await near.send(note(1));
    await near.close();
    await far.start({ message: (message) => void seen.push(message) });
    await expect(far.closed).resolves.toEqual({ by: 'remote' });
    expect(seen).toEqual([note(1)]);
  });

  test('an end that never starts holds back the other at the high-water mark', async () => {
    const [near, far] = memoryPair({ highWater: 3 });
    await near.start({ message: () => undefined });
    let sent = 0;
    const sends = [1, 2, 3, 4].map((count) => near.send(note(count)).then(() => sent++));
    const outcomes = Promise.allSettled(sends);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toBe(2);
    await far.close();
    await near.close();
    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
  });
});

test('64 messages may be under way unless said otherwise', async () => {
  const [near, far] = memoryPair();
  await near.start({ message: () => undefined });
  let sent = 0;
  for (let count = 0; count < 100; count++)
    near.send(note(count)).then(
      () => sent++,
      () => undefined,
    );
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(63);
  await far.close();
  await near.close();
});

test('a paused end gets the last messages of a peer that is gone', async () => {
  const [near, far] = memoryPair();
  const seen: JsonRpcMessage[] = [];
  let goOn = (): void => {};
  const gate = new Promise<void>((resolve) => (goOn = resolve));
  await far.start({
    message(message) {
      seen.push(message);
      return gate;
    },
  });
  await near.start({ message: () => undefined });
  for (const count of [1, 2, 3]) await near.send(note(count));
  await near.close();
  await new Promise((resolve) => setImmediate(resolve));
  await expect(far.send(note(4))).rejects.toMatchObject({ code: 'closed' });
  goOn();
  await expect(far.closed).resolves.toEqual({ by: 'remote' });
  expect(seen).toEqual([note(1), note(2), note(3)]);
});

test('a send in the tick in which the other end closed is not sent', async () => {
  const [near, far] = memoryPair();
  await near.start({ message: () => undefined });
  await far.start({ message: () => undefined });
  void far.close();
  await expect(near.send(note(1))).rejects.toMatchObject({ code: 'closed', delivery: 'not-sent' });
  await expect(near.closed).resolves.toEqual({ by: 'remote' });
});
