import { describe, expect, test } from 'vitest';
import type { JsonRpcMessage } from '@trunkline/protocol';
import type { Transport } from '../transport.ts';
import { channelTransport } from './channel.ts';
import type { DuplexStreams } from './stream-channel.ts';
import { fromStreams, toStreams, type ToStreamsOptions } from './streams.ts';
import { collector, echo } from './testing/collector.ts';
import { deferred, ManualChannel } from './testing/manual-channel.ts';

const note = (method: string): { jsonrpc: '2.0'; method: string } => ({ jsonrpc: '2.0', method });
const ping = (id: number): JsonRpcMessage => ({ jsonrpc: '2.0', id, method: 'ping' });

describe('a transport as streams', () => {
  test('messages come out of the readable, until the link ends', async () => {
    const { streams, channel } = await shown();
    channel.bring(note('a'));
    channel.bring(note('b'));
    channel.events.closed(new Error('gone'));
    expect(await all(streams.readable)).toEqual([note('a'), note('b')]);
  });

  test('what goes into the writable is sent; a response finds its request', async () => {
    const { streams, channel } = await shown();
    const writer = streams.writable.getWriter();
    channel.bring(ping(1));
    await writer.write(note('a'));
    await writer.write({ jsonrpc: '2.0', id: 1, result: {} });
    expect(channel.written).toEqual([JSON.stringify(note('a')), '{"jsonrpc":"2.0","id":1,"result":{}}']);
    await expect(writer.write({ jsonrpc: '2.0', id: 1, result: {} })).rejects.toMatchObject({
      code: 'misuse',
    });
  });

  test('closing the writable closes the link', async () => {
    const { streams, transport, channel } = await shown();
    await streams.writable.close();
    await expect(transport.closed).resolves.toEqual({ by: 'local' });
    expect(channel.calls).toEqual(['close']);
    expect(await all(streams.readable)).toEqual([]);
  });

  test.each(['abort', 'cancel'] as const)('%s gives its reason to the link', async (how) => {
    const { streams, transport } = await shown();
    const reason = new Error('enough');
    await (how === 'abort' ? streams.writable.abort(reason) : streams.readable.cancel(reason));
    await expect(transport.closed).resolves.toEqual({ by: 'local', cause: reason });
  });

  test('the end of the peer ends the writable with an error', async () => {
    const { streams, channel } = await shown();
    const writer = streams.writable.getWriter();
    channel.events.closed(new Error('gone'));
    await expect(writer.closed).rejects.toMatchObject({ code: 'closed', cause: new Error('gone') });
    await expect(writer.write(note('a'))).rejects.toMatchObject({ code: 'closed' });
  });

  test('a reader that does not read stops the transport', async () => {
    const { streams, channel } = await shown({ highWater: 2 });
    for (const method of ['a', 'b', 'c']) channel.bring(note(method));
    expect(channel.calls).toEqual(['pause']);
    const reader = streams.readable.getReader();
    for (const method of ['a', 'b', 'c'])
      expect(await reader.read()).toEqual({ done: false, value: note(method) });
    expect(channel.calls).toContain('resume');
  });

  test('a channel without room stops the writer', async () => {
    const { streams, channel } = await shown();
    const room = deferred();
    channel.room = room.promise;
    const writer = streams.writable.getWriter();
    const writing = writer.write(note('a'));
    expect(writer.desiredSize).toBe(0);
    room.resolve();
    await writing;
    expect(writer.desiredSize).toBe(1);
  });

  test('faults are told to whoever asks', async () => {
    const faults: unknown[] = [];
    const { channel } = await shown({ fault: (error) => void faults.push(error) });
    channel.events.frame('garbage');
    expect(faults).toMatchObject([{ code: 'malformed' }]);
  });

  test('a transport that cannot start errors both streams', async () => {
    const channel = new ManualChannel();
    channel.opening = Promise.reject(new Error('ECONNREFUSED'));
    const streams = toStreams(channelTransport({ name: 'manual', lanes: 'shared' }, channel));
    await expect(streams.readable.getReader().read()).rejects.toMatchObject({ code: 'refused' });
    await expect(streams.writable.getWriter().write(note('a'))).rejects.toMatchObject({
      code: 'closed',
      cause: { code: 'refused' },
    });
  });

  test('of more than 1,024 requests without an answer the oldest is given up', async () => {
    const { streams, channel } = await shown({ highWater: 2000 });
    for (let id = 0; id <= 1024; id++) channel.bring(ping(id));
    const writer = streams.writable.getWriter();
    await writer.write({ jsonrpc: '2.0', id: 1, result: {} });
    await expect(writer.write({ jsonrpc: '2.0', id: 0, result: {} })).rejects.toMatchObject({
      code: 'misuse',
    });
  });
});

describe('streams as a transport', () => {
  test('two of them make a link', async () => {
    const { near, far } = linked();
    const receiver = collector();
    await far.start(collector(echo));
    await near.start(receiver);
    await near.send({ jsonrpc: '2.0', id: 1, method: 'm', params: { a: 1 } });
    expect(await receiver.until(1)).toEqual([{ jsonrpc: '2.0', id: 1, result: { a: 1 } }]);
    await near.close();
    await expect(far.closed).resolves.toEqual({ by: 'remote' });
  });

  test('nothing crosses by reference', async () => {
    const { near, far } = linked();
    const receiver = collector();
    await far.start(receiver);
    await near.start(collector());
    const params = { when: new Date(0) as never, gone: undefined };
    const sending = near.send({ ...note('m'), params });
    expect((await receiver.until(1))[0]).toEqual({
      ...note('m'),
      params: { when: '1970-01-01T00:00:00.000Z' },
    });
    await sending;
    await near.close();
    await far.close();
  });

  test('what JSON cannot carry is a fault', async () => {
    const source = new TransformStream<JsonRpcMessage, JsonRpcMessage>();
    const receiver = collector();
    const transport = fromStreams({ readable: source.readable, writable: new WritableStream() });
    await transport.start(receiver);
    const writer = source.writable.getWriter();
    await writer.write({ ...note('a'), params: { big: 1n as never } });
    await writer.write(note('b'));
    expect(await receiver.until(1)).toEqual([note('b')]);
    expect(receiver.faults).toMatchObject([{ code: 'malformed' }]);
    await transport.close();
  });

  test('and back again', async () => {
    const { near, far } = linked();
    const streams = toStreams(near);
    await far.start(collector(echo));
    const writer = streams.writable.getWriter();
    const reader = streams.readable.getReader();
    await writer.write(ping(1));
    expect(await reader.read()).toEqual({ done: false, value: { jsonrpc: '2.0', id: 1, result: {} } });
    await writer.close();
    await expect(far.closed).resolves.toEqual({ by: 'remote' });
  });
});

async function shown(
  options?: ToStreamsOptions,
): Promise<{ streams: DuplexStreams<JsonRpcMessage>; transport: Transport; channel: ManualChannel }> {
  const channel = new ManualChannel();
  const transport = channelTransport({ name: 'manual', lanes: 'shared' }, channel);
  const streams = toStreams(transport, options);
  await new Promise((resolve) => setImmediate(resolve));
  return { streams, transport, channel };
}

function linked(): { near: Transport; far: Transport } {
  const up = new TransformStream<JsonRpcMessage, JsonRpcMessage>();
  const down = new TransformStream<JsonRpcMessage, JsonRpcMessage>();
  return {
    near: fromStreams({ readable: down.readable, writable: up.writable }),
    far: fromStreams({ readable: up.readable, writable: down.writable }),
  };
}

async function all(readable: ReadableStream<JsonRpcMessage>): Promise<JsonRpcMessage[]> {
  const messages: JsonRpcMessage[] = [];
  for await (const message of readable) messages.push(message);
  return messages;
}
