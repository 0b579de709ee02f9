import { describe, expect, test, vi } from 'vitest';
import type { JsonRpcMessage } from '@trunkline/protocol';
import { channelTransport } from './channel.ts';
import { pullTransport, type PullOptions, type PullTransport } from './pull.ts';
import { ManualChannel } from './testing/manual-channel.ts';

const note = (method: string): { jsonrpc: '2.0'; method: string } => ({ jsonrpc: '2.0', method });
const ping = (id: number): JsonRpcMessage => ({ jsonrpc: '2.0', id, method: 'ping' });

describe('the connection', () => {
  test('is there between connect and disconnect, and can be made again', async () => {
    const { pull, channels } = pulled();
    expect(pull.connected).toBe(false);
    await expect(pull.sendMessage(note('a'))).rejects.toMatchObject({ code: 'misuse' });
    await expect(pull.receiveMessage()).rejects.toMatchObject({ code: 'misuse' });
    await pull.disconnect();
    for (const round of [1, 2]) {
      await pull.connect();
      expect(pull.connected).toBe(true);
      await expect(pull.connect()).rejects.toMatchObject({ code: 'misuse' });
      await pull.disconnect();
      await pull.disconnect();
      expect(pull.connected).toBe(false);
      expect(channels).toHaveLength(round);
    }
  });

  test('is over when the peer ends it', async () => {
    const { pull, channels } = await connected();
    channels[0]?.events.closed();
    await expect(pull.receiveMessage()).rejects.toMatchObject({ code: 'closed' });
    expect(pull.connected).toBe(false);
  });

  test('ends with the block that uses it', async () => {
    const { pull, channels } = pulled();
    {
      await using scoped = pull;
      await scoped.connect();
    }
    expect(channels[0]?.calls).toEqual(['close']);
  });

  test('is given up when it takes too long', async () => {
    const { pull, channels } = pulled({ timeout: 5 }, new Promise(() => {}));
    await expect(pull.connect()).rejects.toMatchObject({ code: 'connect-timeout', delivery: 'not-sent' });
    expect(channels[0]?.calls).toEqual(['close']);
  });

  test('waits 30 seconds unless said otherwise', () => {
    expect(pulled().pull.timeout).toBe(30_000);
    expect(pulled({ timeout: 7 }).pull.timeout).toBe(7);
  });
});

describe('receiving', () => {
  test('takes messages in order, those that are there and those that come', async () => {
    const { pull, channels } = await connected();
    channels[0]?.bring(note('a'));
    const got = [pull.receiveMessage(), pull.receiveMessage(), pull.receiveMessage()];
    channels[0]?.bring(note('b'));
    channels[0]?.bring(note('c'));
    expect(await Promise.all(got)).toEqual([note('a'), note('b'), note('c')]);
  });

  test('times out, and the next message is not lost', async () => {
    const { pull, channels } = await connected({ timeout: 5 });
    await expect(pull.receiveMessage()).rejects.toMatchObject({ code: 'timed-out' });
    channels[0]?.bring(note('a'));
    expect(await pull.receiveMessage()).toEqual(note('a'));
  });

  test('can be aborted, and the next message is not lost', async () => {
    const { pull, channels } = await connected();
    const stop = new AbortController();
    const waiting = pull.receiveMessage({ signal: stop.signal });
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(pull.receiveMessage({ signal: stop.signal })).rejects.toThrow('enough');
    channels[0]?.bring(note('a'));
    expect(await pull.receiveMessage()).toEqual(note('a'));
  });

  test('rejects in the place of what was unreadable', async () => {
    const { pull, channels } = await connected();
    channels[0]?.bring(note('a'));
    channels[0]?.events.frame('garbage');
    channels[0]?.bring(note('b'));
    expect(await pull.receiveMessage()).toEqual(note('a'));
    await expect(pull.receiveMessage()).rejects.toMatchObject({ code: 'malformed' });
    expect(await pull.receiveMessage()).toEqual(note('b'));
  });

  test('yields what came before the end, then rejects, also whoever waits', async () => {
    const { pull, channels } = await connected();
    channels[0]?.bring(note('a'));
    const got = pull.receiveMessage();
    const waiting = pull.receiveMessage();
    channels[0]?.events.closed(new Error('gone'));
    expect(await got).toEqual(note('a'));
    await expect(waiting).rejects.toMatchObject({ code: 'closed', cause: new Error('gone') });
    await expect(pull.receiveMessage()).rejects.toMatchObject({ code: 'closed' });
  });

  test('stops the link while too much waits', async () => {
    const { pull, channels } = await connected({ maxInbox: 2 });
    for (const method of ['a', 'b', 'c']) channels[0]?.bring(note(method));
    expect(channels[0]?.calls).toEqual(['pause']);
    for (const method of ['a', 'b', 'c']) expect(await pull.receiveMessage()).toEqual(note(method));
    await vi.waitFor(() => expect(channels[0]?.calls).toContain('resume'));
  });
});

describe('sending', () => {
  test('a response goes where its request came from, once', async () => {
    const { pull, channels } = await connected();
    channels[0]?.bring(ping(1));
    await pull.receiveMessage();
    await pull.sendMessage({ jsonrpc: '2.0', id: 1, result: {} });
    expect(channels[0]?.written).toEqual(['{"jsonrpc":"2.0","id":1,"result":{}}']);
    await expect(pull.sendMessage({ jsonrpc: '2.0', id: 1, result: {} })).rejects.toMatchObject({
      code: 'misuse',
    });
  });

  test('times out when the peer takes nothing, and then is withdrawn', async () => {
    const { pull, channels } = await connected({ timeout: 5 });
    const [channel] = channels;
    if (channel) channel.room = new Promise(() => {});
    const sends = [pull.sendMessage(note('a')), pull.sendMessage(note('b'))];
    for (const sending of sends) await expect(sending).rejects.toMatchObject({ code: 'timed-out' });
    expect(channel?.written).toEqual([JSON.stringify(note('a'))]);
  });
});

function pulled(
  options: PullOptions = {},
  opening: Promise<void> = Promise.resolve(),
): { pull: PullTransport; channels: ManualChannel[] } {
  const channels: ManualChannel[] = [];
  const dial = (): ReturnType<typeof channelTransport> => {
    const channel = new ManualChannel();
    channel.opening = opening;
    channels.push(channel);
    return channelTransport({ name: 'manual', lanes: 'shared' }, channel);
  };
  return { pull: pullTransport(dial, options), channels };
}

async function connected(options?: PullOptions): Promise<ReturnType<typeof pulled>> {
  const made = pulled(options);
  await made.pull.connect();
  return made;
}
