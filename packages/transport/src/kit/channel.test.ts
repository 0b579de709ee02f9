import type { JsonRpcMessage } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { TransportError } from '../transport-error.ts';
import type { Exchange, Receiver } from '../transport.ts';
import { channelTransport, type ChannelLimits } from './channel.ts';
import { deferred, ManualChannel } from './testing/manual-channel.ts';

const BINDING = { name: 'manual', lanes: 'shared' } as const;
const note = { jsonrpc: '2.0', method: 'n' } as const;
const ping = (id: number): JsonRpcMessage => ({ jsonrpc: '2.0', id, method: 'ping' });

describe('the life of a link', () => {
  test('nothing is sent before start', async () => {
    const { transport } = link();
    await expect(transport.send(note)).rejects.toMatchObject({ code: 'misuse', delivery: 'not-sent' });
  });

  test('it starts once', async () => {
    const { transport } = await startedLink();
    await expect(transport.start(collector())).rejects.toMatchObject({ code: 'misuse' });
  });

  test('after close nothing is sent, started or delivered', async () => {
    const { transport, channel, receiver } = await startedLink();
    await transport.close();
    channel.bring(note);
    await expect(transport.send(note)).rejects.toMatchObject({ code: 'closed', delivery: 'not-sent' });
    await expect(transport.start(collector())).rejects.toMatchObject({ code: 'misuse' });
    expect(receiver.messages).toEqual([]);
    expect(channel.written).toEqual([]);
  });

  test('a link that was never started can be closed, and not started then', async () => {
    const { transport, channel } = link();
    await transport.close();
    await expect(transport.start(collector())).rejects.toMatchObject({ code: 'closed' });
    await expect(transport.send(note)).rejects.toMatchObject({ code: 'closed' });
    expect(channel.calls).toEqual(['close']);
  });

  test('it is closed once, by whoever came first, and the channel is released once', async () => {
    const { transport, channel } = await startedLink();
    const cause = new Error('the reason');
    await Promise.all([transport.close(cause), transport.close()]);
    channel.events.closed();
    await expect(transport.closed).resolves.toEqual({ by: 'local', cause });
    expect(channel.calls).toEqual(['close']);
  });

  test('the end of the peer releases the channel', async () => {
    const { transport, channel } = await startedLink();
    const cause = new Error('EPIPE');
    channel.events.closed(cause);
    await expect(transport.closed).resolves.toEqual({ by: 'remote', cause });
    await transport.close();
    expect(channel.calls).toEqual(['close']);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('stuck'))],
    [
      'throws',
      () => {
        throw new Error('stuck');
      },
    ],
  ])('a channel whose close %s does not make close() reject', async (_, close) => {
    const { transport, channel } = await startedLink();
    channel.close = close;
    await expect(transport.close()).resolves.toBeUndefined();
    await expect(transport.closed).resolves.toEqual({ by: 'local' });
  });

  test('a channel that cannot be opened ends the link', async () => {
    const { transport, channel } = link();
    channel.opening = Promise.reject(new Error('ECONNREFUSED'));
    await expect(transport.start(collector())).rejects.toMatchObject({
      code: 'refused',
      delivery: 'not-sent',
    });
    await expect(transport.closed).resolves.toMatchObject({ by: 'local', cause: { code: 'refused' } });
    expect(channel.calls).toEqual(['close']);
  });

  test('an error that has a code keeps it', async () => {
    const { transport, channel } = link();
    channel.opening = Promise.reject(new TransportError('spawn-failed', 'no such program'));
    await expect(transport.start(collector())).rejects.toMatchObject({ code: 'spawn-failed' });
  });

  test('close while the channel opens makes start reject', async () => {
    const { transport, channel } = link();
    channel.opening = new Promise(() => {});
    const starting = transport.start(collector());
    await transport.close();
    await expect(starting).rejects.toMatchObject({ code: 'closed' });
  });

  test('what is sent while the channel opens waits for it', async () => {
    const { transport, channel } = link();
    const open = deferred();
    channel.opening = open.promise;
    const starting = transport.start(collector());
    const sending = transport.send(note);
    expect(channel.written).toEqual([]);
    open.resolve();
    await Promise.all([starting, sending]);
    expect(channel.written).toEqual([JSON.stringify(note)]);
  });
});

describe('inbound', () => {
  test('a frame is delivered in its own tick', async () => {
    const { channel, receiver } = await startedLink();
    channel.bring(ping(1));
    expect(receiver.messages).toEqual([ping(1)]);
  });

  test('all messages come on one exchange, which is the way back', async () => {
    const { channel, receiver } = await startedLink();
    channel.bring(ping(1));
    channel.bring(ping(2));
    const [first, second] = receiver.exchanges;
    expect(first).toBe(second);
    expect(first?.batch).toBeUndefined();
    await first?.send({ id: 1, json: '{"a":\n1}' });
    first?.end();
    expect(channel.written).toEqual(['{"jsonrpc":"2.0","id":1,"result":{"a": 1}}']);
  });

  test('the origin is what the binding said', async () => {
    const origin = { auth: { clientId: 'c', scopes: [] } };
    const channel = new ManualChannel();
    const receiver = collector();
    await channelTransport(BINDING, channel, { origin }).start(receiver);
    channel.bring(note);
    expect(receiver.exchanges[0]?.origin).toBe(origin);
  });

  test('the signal of the exchange aborts when the link ends', async () => {
    const { channel, receiver } = await startedLink();
    channel.bring(note);
    expect(receiver.exchanges[0]?.signal.aborted).toBe(false);
    channel.events.closed();
    expect(receiver.exchanges[0]?.signal.reason).toMatchObject({ code: 'closed' });
  });

  test('a receiver that throws, or rejects, costs one message', async () => {
    const { channel, receiver } = await startedLink();
    receiver.onMessage = () => {
      throw new Error('boom');
    };
    channel.bring(ping(1));
    receiver.onMessage = () => Promise.reject(new Error('later'));
    channel.bring(ping(2));
    receiver.onMessage = () => undefined;
    channel.bring(ping(3));
    await settled();
    expect(receiver.messages).toEqual([ping(1), ping(2), ping(3)]);
    expect(receiver.faults.map(({ code, cause }) => [code, cause])).toEqual([
      ['misuse', new Error('boom')],
      ['misuse', new Error('later')],
    ]);
  });

  test('a receiver whose fault throws does not end the link', async () => {
    const { channel, receiver } = await startedLink();
    receiver.fault = () => {
      throw new Error('boom');
    };
    channel.events.frame('garbage');
    channel.bring(note);
    expect(receiver.messages).toEqual([note]);
  });

  test('garbage is a fault with an answer, on the exchange to send it by', async () => {
    const { channel, receiver } = await startedLink();
    channel.events.frame('garbage');
    channel.bring(note);
    const [fault] = receiver.faults;
    expect(fault).toMatchObject({ code: 'malformed', answer: { error: { code: -32700 } } });
    if (fault?.answer) await receiver.faultExchanges[0]?.send(fault.answer);
    expect(channel.written).toEqual([JSON.stringify(fault?.answer)]);
    expect(receiver.messages).toEqual([note]);
  });

  test('100 unreadable frames in a row end the link, 99 do not', async () => {
    const { transport, channel, receiver } = await startedLink();
    const garbage = (times: number): void => {
      for (let time = 0; time < times; time++) channel.events.frame('garbage');
    };
    garbage(99);
    channel.bring(note);
    garbage(50);
    for (let time = 0; time < 49; time++) channel.events.fault(new TransportError('too-large', 'a line'));
    channel.bring(note);
    expect(receiver.messages).toHaveLength(2);
    garbage(101);
    expect(receiver.faults).toHaveLength(99 + 99 + 100);
    await expect(transport.closed).resolves.toMatchObject({ by: 'local', cause: { code: 'malformed' } });
  });

  test('the limits of a frame can be set', async () => {
    const { channel, receiver } = await startedLink({ maxDepth: 2 });
    channel.bring({ ...note, params: { a: {} } });
    expect(receiver.faults).toMatchObject([{ code: 'too-large' }]);
  });
});

describe('a receiver that asks for time', () => {
  test('pauses the source; what still comes waits, in order', async () => {
    const { channel, receiver } = await startedLink();
    const taken = deferred();
    receiver.onMessage = () => (receiver.messages.length === 1 ? taken.promise : undefined);
    for (const id of [1, 2, 3]) channel.bring(ping(id));
    expect(receiver.messages).toEqual([ping(1)]);
    expect(channel.calls).toEqual(['pause']);
    taken.resolve();
    await settled();
    expect(receiver.messages).toEqual([ping(1), ping(2), ping(3)]);
    expect(channel.calls).toEqual(['pause', 'resume']);
  });

  test('may ask again for what waited', async () => {
    const { channel, receiver } = await startedLink();
    const gates = [deferred(), deferred()];
    receiver.onMessage = () => gates[receiver.messages.length - 1]?.promise;
    for (const id of [1, 2, 3]) channel.bring(ping(id));
    gates[0]?.resolve();
    await settled();
    expect(receiver.messages).toEqual([ping(1), ping(2)]);
    gates[1]?.resolve();
    await settled();
    expect(receiver.messages).toEqual([ping(1), ping(2), ping(3)]);
    expect(channel.calls.at(-1)).toBe('resume');
  });

  test('gets what came before the end of the peer, then hears of it', async () => {
    const { transport, channel, receiver } = await startedLink();
    const taken = deferred();
    receiver.onMessage = () => (receiver.messages.length === 1 ? taken.promise : undefined);
    channel.bring(ping(1));
    channel.bring(ping(2));
    channel.events.closed();
    await expect(transport.send(note)).rejects.toMatchObject({ code: 'closed' });
    let closed = false;
    void transport.closed.then(() => (closed = true));
    await settled();
    expect(closed).toBe(false);
    taken.resolve();
    await expect(transport.closed).resolves.toEqual({ by: 'remote' });
    expect(receiver.messages).toEqual([ping(1), ping(2)]);
  });

  test('holds up neither close() nor closed', async () => {
    const { transport, channel, receiver } = await startedLink();
    receiver.onMessage = () => new Promise(() => {});
    channel.bring(ping(1));
    channel.bring(ping(2));
    channel.events.closed();
    await transport.close();
    await expect(transport.closed).resolves.toEqual({ by: 'remote' });
    expect(receiver.messages).toEqual([ping(1)]);
  });
});

interface Collector extends Receiver {
  readonly messages: JsonRpcMessage[];
  readonly exchanges: Exchange[];
  readonly faults: TransportError[];
  readonly faultExchanges: (Exchange | undefined)[];
  onMessage: () => void | Promise<void>;
  fault: (error: TransportError, exchange?: Exchange) => void;
}

function collector(): Collector {
  const collected: Collector = {
    messages: [],
    exchanges: [],
    faults: [],
    faultExchanges: [],
    onMessage: () => undefined,
    message(message, exchange) {
      collected.messages.push(message);
      collected.exchanges.push(exchange);
      return collected.onMessage();
    },
    fault(error, exchange) {
      collected.faults.push(error);
      collected.faultExchanges.push(exchange);
    },
  };
  return collected;
}

function link(limits: ChannelLimits = {}): {
  transport: ReturnType<typeof channelTransport>;
  channel: ManualChannel;
} {
  const channel = new ManualChannel();
  return { transport: channelTransport(BINDING, channel, { limits }), channel };
}

async function startedLink(
  limits?: ChannelLimits,
): Promise<ReturnType<typeof link> & { receiver: Collector }> {
  const { transport, channel } = link(limits);
  const receiver = collector();
  await transport.start(receiver);
  return { transport, channel, receiver };
}

/** Lets every reaction that is due run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
