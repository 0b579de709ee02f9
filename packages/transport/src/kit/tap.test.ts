import { describe, expect, test } from 'vitest';
import type { JsonRpcMessage } from '@trunkline/protocol';
import type { Exchange, Transport } from '../transport.ts';
import { channelTransport } from './channel.ts';
import { tap, type Tap } from './tap.ts';
import { collector } from './testing/collector.ts';
import { ManualChannel } from './testing/manual-channel.ts';

const note = (method: string): { jsonrpc: '2.0'; method: string } => ({ jsonrpc: '2.0', method });

test('an empty tap changes nothing', async () => {
  const { transport, channel, inner } = tapped({});
  const receiver = collector();
  await transport.start(receiver);
  channel.bring(note('in'));
  channel.events.frame('garbage');
  await transport.send(note('out'));
  expect(receiver.messages).toEqual([note('in')]);
  expect(receiver.faults).toMatchObject([{ code: 'malformed' }]);
  expect(channel.written).toEqual([JSON.stringify(note('out'))]);
  expect(transport.binding).toBe(inner.binding);
  await transport.close();
  await expect(transport.closed).resolves.toEqual({ by: 'local' });
});

describe('inbound', () => {
  test('messages can be seen, altered, dropped and doubled', async () => {
    const seen: JsonRpcMessage[] = [];
    const { transport, channel } = tapped({
      inbound(message, pass) {
        seen.push(message);
        if ('method' in message && message.method === 'drop') return undefined;
        if ('method' in message && message.method === 'double') void pass(message);
        return pass(altered(message));
      },
    });
    const receiver = collector();
    await transport.start(receiver);
    for (const method of ['drop', 'double', 'alter']) channel.bring(note(method));
    expect(seen).toHaveLength(3);
    expect(receiver.messages).toEqual([note('double'), altered(note('double')), altered(note('alter'))]);
  });

  test('a promise delays the message and all behind it', async () => {
    let goOn = (): void => {};
    const gate = new Promise<void>((resolve) => (goOn = resolve));
    const { transport, channel } = tapped({ inbound: (message, pass) => gate.then(() => pass(message)) });
    const receiver = collector();
    await transport.start(receiver);
    channel.bring(note('a'));
    channel.bring(note('b'));
    expect(receiver.messages).toEqual([]);
    expect(channel.calls).toEqual(['pause']);
    goOn();
    expect(await receiver.until(2)).toEqual([note('a'), note('b')]);
  });

  test('the way back stays one object, and keeps what it says', async () => {
    const { transport, channel } = tapped({ outbound: (message, pass) => pass(message) });
    const exchanges: Exchange[] = [];
    await transport.start({ message: (_, exchange) => void exchanges.push(exchange) });
    channel.bring(note('a'));
    channel.bring(note('b'));
    channel.bring([note('c')]);
    const [first, second, third] = exchanges;
    expect(first).toBe(second);
    expect(third?.scope).toBe(first?.scope);
    expect(third?.batch?.messages).toEqual([note('c')]);
    expect(first?.origin).toEqual({});
    await transport.close();
    expect(first?.signal.aborted).toBe(true);
  });
});

test('a stream can be let go through a tap, where there is one', async () => {
  const released: unknown[] = [];
  const exchange = {
    detach: (options: unknown) => void released.push(options),
  } as Partial<Exchange> as Exchange;
  const inner: Transport = {
    binding: { name: 'streaming', lanes: 'per-request' },
    closed: new Promise(() => {}),
    start: async (receiver) => void receiver.message(note('a'), exchange),
    send: async () => undefined,
    close: async () => undefined,
  };
  await tap(inner, { outbound: (message, pass) => pass(message) }).start({
    message: (_, tappedWay) => tappedWay.detach?.({ retryMs: 5 }),
  });
  expect(released).toEqual([{ retryMs: 5 }]);
});

describe('outbound', () => {
  test('what the transport and its exchanges send can be seen and altered', async () => {
    const seen: JsonRpcMessage[] = [];
    const { transport, channel } = tapped({
      outbound(message, pass) {
        seen.push(message);
        return pass('method' in message ? { ...message, method: 'altered' } : message);
      },
    });
    let way: Exchange | undefined;
    await transport.start({ message: (_, exchange) => void (way = exchange) });
    channel.bring({ ...note('ask'), id: 1 });
    await transport.send(note('a'));
    await way?.send(note('b'));
    await way?.send({ id: 1, json: '{ "as": "it is" }' });
    way?.end();
    expect(seen).toEqual([note('a'), note('b'), { jsonrpc: '2.0', id: 1, result: { as: 'it is' } }]);
    expect(channel.written).toEqual([
      JSON.stringify(note('altered')),
      JSON.stringify(note('altered')),
      '{"jsonrpc":"2.0","id":1,"result":{ "as": "it is" }}',
    ]);
  });

  test('a send that is not passed on is the failure of its sender', async () => {
    const { transport, channel } = tapped({ outbound: () => Promise.reject(new Error('cut')) });
    await transport.start(collector());
    await expect(transport.send(note('a'))).rejects.toThrow('cut');
    expect(channel.written).toEqual([]);
  });
});

function altered(message: JsonRpcMessage): JsonRpcMessage {
  return { ...message, params: { altered: true } };
}

function tapped(by: Tap): { transport: Transport; inner: Transport; channel: ManualChannel } {
  const channel = new ManualChannel();
  const inner = channelTransport({ name: 'manual', lanes: 'shared' }, channel);
  return { transport: tap(inner, by), inner, channel };
}
