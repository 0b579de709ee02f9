import { describe, expect, test } from 'vitest';
import type { JsonRpcMessage } from '@trunkline/protocol';
import type { Exchange } from '../transport.ts';
import { channelTransport } from './channel.ts';
import { ManualChannel } from './testing/manual-channel.ts';

const ping = (id: number): JsonRpcMessage => ({ jsonrpc: '2.0', id, method: 'ping' });
const pong = (id: number): JsonRpcMessage => ({ jsonrpc: '2.0', id, result: {} });
const note: JsonRpcMessage = { jsonrpc: '2.0', method: 'n' };

describe('the answers of a batch', () => {
  test('leave as one array when the last one is there', async () => {
    const { channel, exchanges } = await batchOf([ping(1), note, ping(2)]);
    await exchanges[2]?.send({ id: 2, json: '{}' });
    expect(channel.sent()).toEqual([]);
    await exchanges[0]?.send(pong(1));
    expect(channel.sent()).toEqual([[pong(2), pong(1)]]);
  });

  test('do not wait for a request that gets none', async () => {
    const { channel, exchanges } = await batchOf([ping(1), ping(2)]);
    await exchanges[0]?.send(pong(1));
    exchanges[1]?.end();
    exchanges[1]?.end();
    expect(channel.sent()).toEqual([[pong(1)]]);
  });

  test('are nothing when no request gets one', async () => {
    const { channel, exchanges } = await batchOf([ping(1), ping(2)]);
    for (const exchange of exchanges) exchange.end();
    expect(channel.sent()).toEqual([]);
  });

  test('are given once', async () => {
    const { channel, exchanges } = await batchOf([ping(1), ping(2)]);
    await exchanges[0]?.send(pong(1));
    await exchanges[0]?.send(pong(1));
    exchanges[0]?.end();
    expect(channel.sent()).toEqual([]);
    await exchanges[1]?.send(pong(2));
    await exchanges[1]?.send(pong(2));
    expect(channel.sent()).toEqual([[pong(1), pong(2)]]);
  });

  test('may be given anew when JSON could not carry the first', async () => {
    const { channel, exchanges } = await batchOf([ping(1)]);
    const broken = { jsonrpc: '2.0', id: 1, result: { big: 1n as never } } as const;
    await expect(exchanges[0]?.send(broken)).rejects.toMatchObject({ code: 'misuse' });
    await exchanges[0]?.send(pong(1));
    expect(channel.sent()).toEqual([[pong(1)]]);
  });
});

test('what is no answer leaves at once', async () => {
  const { channel, exchanges } = await batchOf([ping(1), note]);
  await exchanges[0]?.send(note);
  await exchanges[1]?.send(ping(9));
  expect(channel.sent()).toEqual([note, ping(9)]);
});

test.each([
  ['notifications', [note, note]],
  ['responses', [pong(1), pong(2)]],
])('a batch of %s is not answered', async (_, messages) => {
  const { channel, exchanges } = await batchOf(messages);
  for (const exchange of exchanges) {
    await exchange.send(pong(1));
    exchange.end();
  }
  expect(channel.sent()).toEqual([]);
});

test('a refused batch is answered with one error, and with nothing else', async () => {
  const { channel, exchanges } = await batchOf([ping(1), ping(2)]);
  const refusal = { jsonrpc: '2.0', error: { code: -32600, message: 'no batches here' } } as const;
  exchanges[0]?.batch?.refuse(refusal);
  exchanges[1]?.batch?.refuse(refusal);
  for (const exchange of exchanges) {
    await exchange.send(note);
    await exchange.send(pong(1));
    exchange.end();
  }
  expect(channel.sent()).toEqual([refusal]);
});

test('its exchanges share the batch, the signal, the origin and the scope of the link', async () => {
  const { channel, exchanges, receive } = await batchOf([ping(1), note]);
  const alone = receive(ping(2));
  const [first, second] = exchanges;
  expect(first?.batch).toBe(second?.batch);
  expect(first?.batch?.messages).toEqual([ping(1), note]);
  for (const exchange of exchanges) {
    expect(exchange).not.toBe(alone);
    expect(exchange).toMatchObject({ signal: alone?.signal, origin: alone?.origin, scope: alone?.scope });
  }
  channel.events.closed();
  expect(first?.signal.aborted).toBe(true);
});

test('a receiver that asks for time within a batch gets the rest before what came later', async () => {
  const channel = new ManualChannel();
  const seen: JsonRpcMessage[] = [];
  let goOn: (() => void) | undefined;
  await channelTransport({ name: 'manual', lanes: 'shared' }, channel).start({
    message(message) {
      seen.push(message);
      return goOn ? undefined : new Promise((resolve) => (goOn = resolve));
    },
  });
  channel.bring([ping(1), ping(2)]);
  channel.bring(ping(3));
  expect(seen).toEqual([ping(1)]);
  goOn?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([ping(1), ping(2), ping(3)]);
});

test('answers to a link that is gone bother nobody', async () => {
  const { channel, exchanges } = await batchOf([ping(1), ping(2)]);
  await exchanges[0]?.send(pong(1));
  channel.events.closed();
  exchanges[1]?.end();
  exchanges[0]?.batch?.refuse({ jsonrpc: '2.0', error: { code: -32600, message: 'no' } });
  expect(channel.sent()).toEqual([]);
});

async function batchOf(messages: readonly JsonRpcMessage[]): Promise<{
  readonly channel: ManualChannel & { sent(): unknown[] };
  readonly exchanges: readonly Exchange[];
  readonly receive: (message: JsonRpcMessage) => Exchange | undefined;
}> {
  const channel = Object.assign(new ManualChannel(), {
    sent: (): unknown[] => channel.written.map((frame): unknown => JSON.parse(frame)),
  });
  const exchanges: Exchange[] = [];
  await channelTransport({ name: 'manual', lanes: 'shared' }, channel).start({
    message: (_, exchange) => void exchanges.push(exchange),
  });
  channel.bring(messages);
  return {
    channel,
    exchanges: [...exchanges],
    receive(message) {
      channel.bring(message);
      return exchanges.at(-1);
    },
  };
}
