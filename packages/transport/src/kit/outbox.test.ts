import { describe, expect, test } from 'vitest';
import { channelTransport, type ChannelLimits } from './channel.ts';
import { deferred, ManualChannel } from './testing/manual-channel.ts';

const BINDING = { name: 'manual', lanes: 'shared' } as const;
const note = (method: string): { jsonrpc: '2.0'; method: string } => ({ jsonrpc: '2.0', method });

describe('while there is room', () => {
  test('a message is written within send', async () => {
    const { transport, channel } = await started();
    const sending = transport.send(note('a'));
    expect(channel.methods()).toEqual(['a']);
    await sending;
  });

  test('a message that JSON cannot carry is refused and the link lives', async () => {
    const { transport, channel } = await started();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    for (const params of [{ big: 1n }, cycle]) {
      const message = { ...note('a'), params: params as never };
      await expect(transport.send(message)).rejects.toMatchObject({ code: 'misuse', delivery: 'not-sent' });
    }
    await transport.send(note('b'));
    expect(channel.methods()).toEqual(['b']);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('EPIPE'))],
    [
      'throws',
      () => {
        throw new Error('EPIPE');
      },
    ],
  ])('a write that %s is a send that was not sent, and the next one is tried', async (_, write) => {
    const { transport, channel } = await started();
    const works = channel.write.bind(channel);
    channel.write = write;
    await expect(transport.send(note('a'))).rejects.toMatchObject({
      code: 'not-sent',
      delivery: 'not-sent',
      cause: new Error('EPIPE'),
    });
    channel.write = works;
    await transport.send(note('b'));
    expect(channel.methods()).toEqual(['b']);
  });
});

describe('while there is no room', () => {
  test('sends wait in order, and each resolves when the channel has room behind it', async () => {
    const { transport, channel } = await started();
    const rooms = [deferred(), deferred()];
    const done: string[] = [];
    channel.room = rooms[0]?.promise;
    for (const name of ['a', 'b', 'c']) void transport.send(note(name)).then(() => done.push(name));
    expect(channel.methods()).toEqual(['a']);
    channel.room = rooms[1]?.promise;
    rooms[0]?.resolve();
    await settled();
    expect(channel.methods()).toEqual(['a', 'b']);
    expect(done).toEqual(['a']);
    channel.room = undefined;
    rooms[1]?.resolve();
    await settled();
    expect(channel.methods()).toEqual(['a', 'b', 'c']);
    expect(done).toEqual(['a', 'b', 'c']);
  });

  test.each(['close', 'the end of the peer'] as const)('%s settles every send', async (how) => {
    const { transport, channel } = await started();
    channel.room = new Promise(() => {});
    const sends = ['a', 'b', 'c'].map((name) => transport.send(note(name)));
    const outcomes = Promise.allSettled(sends);
    if (how === 'close') await transport.close();
    else channel.events.closed(new Error('gone'));
    expect(await outcomes).toMatchObject([
      { reason: { code: 'closed', delivery: 'unknown' } },
      { reason: { code: 'closed', delivery: 'not-sent' } },
      { reason: { code: 'closed', delivery: 'not-sent' } },
    ]);
    expect(channel.methods()).toEqual(['a']);
  });

  test('an aborted send is withdrawn, the others keep their place', async () => {
    const { transport, channel } = await started();
    const room = deferred();
    const stop = new AbortController();
    channel.room = room.promise;
    const first = transport.send(note('a'));
    const aborted = transport.send(note('b'), { signal: stop.signal });
    const last = transport.send(note('c'));
    stop.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    channel.room = undefined;
    room.resolve();
    await Promise.all([first, last]);
    expect(channel.methods()).toEqual(['a', 'c']);
  });

  test('an abort ends the wait for room, though the frame is written', async () => {
    const { transport, channel } = await started();
    const stop = new AbortController();
    channel.room = new Promise(() => {});
    const sending = transport.send(note('a'), { signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(sending).rejects.toThrow('enough');
  });

  test('a signal that is aborted already sends nothing', async () => {
    const { transport, channel } = await started();
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(transport.send(note('a'), { signal })).rejects.toThrow('enough');
    expect(channel.methods()).toEqual([]);
  });

  test('more than may wait is refused as overloaded; what an abort frees may be used again', async () => {
    const frame = JSON.stringify(note('x'));
    const { transport, channel } = await started({ maxWaiting: 2 * frame.length });
    const room = deferred();
    const stop = new AbortController();
    channel.room = room.promise;
    const sends = ['a', 'b'].map((name) => transport.send(note(name)));
    const aborted = transport.send(note('c'), { signal: stop.signal });
    await expect(transport.send(note('d'))).rejects.toMatchObject({
      code: 'overloaded',
      delivery: 'not-sent',
    });
    stop.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');
    sends.push(transport.send(note('e')));
    channel.room = undefined;
    room.resolve();
    await Promise.all(sends);
    expect(channel.methods()).toEqual(['a', 'b', 'e']);
  });

  test('16 Mi characters may wait unless said otherwise', async () => {
    const { transport, channel } = await started();
    channel.room = new Promise(() => {});
    const frame = (length: number): { jsonrpc: '2.0'; method: string } =>
      note('x'.repeat(length - JSON.stringify(note('')).length));
    const sends = [transport.send(note('first')), transport.send(frame(16 * 1024 * 1024))];
    const outcomes = Promise.allSettled(sends);
    await expect(transport.send(note('a'))).rejects.toMatchObject({ code: 'overloaded' });
    await transport.close();
    expect(await outcomes).toMatchObject([{ reason: { code: 'closed' } }, { reason: { code: 'closed' } }]);
  });
});

async function started(limits: ChannelLimits = {}): Promise<{
  transport: ReturnType<typeof channelTransport>;
  channel: ManualChannel & { methods(): string[] };
}> {
  const channel = Object.assign(new ManualChannel(), {
    methods: () => channel.written.map((frame) => (JSON.parse(frame) as { method: string }).method),
  });
  const transport = channelTransport(BINDING, channel, { limits });
  await transport.start({ message: () => undefined });
  return { transport, channel };
}

/** Lets every reaction that is due run. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
