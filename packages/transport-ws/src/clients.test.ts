import type { Dial } from '@trunkline/transport';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { webSocketClient as platformClient } from './client.ts';
import { closeOf } from './close-code.ts';
import { accept, badServer } from './fixtures/bad-server.ts';
import { BINARY, frame, TEXT } from './fixtures/frames.ts';
import { echo, recorder, request } from './fixtures/recorder.ts';
import { testServer } from './fixtures/server.ts';
import { rejection, within } from './fixtures/within.ts';
import { webSocketClient as nodeClient } from './node/client.ts';

/** What an answer that opens no socket is to each client: the platform says nothing about it. */
interface Client {
  readonly name: string;
  readonly dial: (url: string | URL, limit?: number) => Dial;
  readonly unreachable: object;
  readonly forbidden: object;
  /** What is added to the codes that a program may not send. */
  readonly shift: number;
}

const CLIENTS: readonly Client[] = [
  {
    name: 'on ws',
    dial: (url, limit) => nodeClient(url, limit === undefined ? {} : { maxMessageBytes: limit }),
    unreachable: { code: 'not-sent', delivery: 'not-sent' },
    forbidden: { code: 'refused', status: 403, delivery: 'not-sent' },
    shift: 0,
  },
  {
    name: 'on the platform',
    dial: (url, limit) => platformClient(url, limit === undefined ? {} : { maxMessageLength: limit }),
    unreachable: { code: 'refused', status: 0, delivery: 'not-sent' },
    forbidden: { code: 'refused', status: 0, delivery: 'not-sent' },
    shift: 3000,
  },
];

afterEach(() => void vi.useRealTimers());

describe.each(CLIENTS)('client $name', ({ dial, unreachable, forbidden, shift }) => {
  test('every link is a socket of its own', async () => {
    await using server = await testServer({ receiver: echo() });
    const connect = dial(server.url);
    for (const id of [1, 'two']) {
      const link = connect();
      const heard = recorder();
      await link.start(heard);
      await link.send(request(id, { id }));
      await heard.count(1);
      expect(heard.messages).toEqual([{ jsonrpc: '2.0', id, result: { id } }]);
      await link.close();
    }
    expect(server.sockets).toHaveLength(2);
  });

  test('its target names the server and no secret', () => {
    expect(dial('wss://mcp.example:444/a?token=x#y').target).toBe('wss://mcp.example:444/a');
    expect(dial(new URL('ws://mcp.example/a')).target).toBe('ws://mcp.example/a');
  });

  test.each(['http://mcp.example', 'nonsense', 'ws://user:secret@mcp.example', 'file:///etc'])(
    '%s is misuse, without what may be secret',
    (url) => {
      expect(() => dial(url)).toThrow(/^misuse: (?!.*secret)/);
    },
  );

  test('a server that is not there', async () => {
    const server = await testServer();
    await server[Symbol.asyncDispose]();
    expect(await rejection(dial(server.url)().start(recorder()))).toMatchObject(unreachable);
  });

  test('a server that refuses', async () => {
    await using server = await badServer(() => 'HTTP/1.1 403 Forbidden\r\ncontent-length: 7\r\n\r\nnot you');
    expect(await rejection(dial(server.url)().start(recorder()))).toMatchObject(forbidden);
  });

  test.each([
    ['chooses no subprotocol', (head: string) => accept(head)],
    ['chooses another', (head: string) => accept(head, 'chat')],
    ['has the wrong digest', (head: string) => accept(head, 'mcp').replace(/Accept: ./, 'Accept: !')],
    ['answers with something else', () => 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ])('a server that %s', async (_, answer) => {
    await using server = await badServer(answer);
    const link = dial(server.url)();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', delivery: 'not-sent' });
    expect(await within(link.closed, 'the end of the link')).toMatchObject({ by: 'local' });
  });

  test('a server that accepts and says nothing', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let onRequest = (): void => {};
    const asked = new Promise<void>((resolve) => (onRequest = resolve));
    await using server = await badServer(() => {
      onRequest();
      return undefined;
    });
    const starting = dial(server.url)().start(recorder());
    const outcome = starting.catch((error: unknown) => error);
    await asked;
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(await within(outcome, 'the end of the attempt')).toMatchObject({
      code: 'connect-timeout',
      delivery: 'not-sent',
    });
  });

  test('closing while it connects', async () => {
    let onRequest = (): void => {};
    const asked = new Promise<void>((resolve) => (onRequest = resolve));
    await using server = await badServer(() => {
      onRequest();
      return undefined;
    });
    const link = dial(server.url)();
    const starting = link.start(recorder());
    await asked;
    await within(link.close(), 'close()');
    expect(await rejection(starting)).toMatchObject({ code: 'closed' });
    expect(await link.closed).toEqual({ by: 'local' });
  });

  test('how the server closed is the cause', async () => {
    await using server = await testServer({ receiver: echo() });
    const link = dial(server.url)();
    await link.start(recorder());
    await (await server.link()).close(new Error('secrets of the server'));
    const { by, cause } = await within(link.closed, 'the end of the link');
    expect(by).toBe('remote');
    expect(cause).toMatchObject({ code: 'closed', status: 1011 });
    expect(closeOf(cause)).toEqual({ code: 1011, reason: '' });
  });

  test('a connection that breaks is 1006', async () => {
    await using server = await testServer({ receiver: echo() });
    const link = dial(server.url)();
    await link.start(recorder());
    server.sockets[0]?.resetAndDestroy();
    const { by, cause } = await within(link.closed, 'the end of the link');
    expect(by).toBe('remote');
    expect(cause).toMatchObject({ code: 'closed', status: 1006 });
    expect(await rejection(link.send(request(1)))).toMatchObject({ code: 'closed', delivery: 'not-sent' });
  });

  test.each([
    ['a binary frame', 'malformed', 1003, frame({ opcode: BINARY, payload: '{}', masked: false })],
    [
      'too long a message',
      'too-large',
      1009,
      frame({ opcode: TEXT, payload: `"${'x'.repeat(1024)}"`, masked: false }),
    ],
  ])('%s ends the link as %s, which the server hears as %i', async (_, word, code, bytes) => {
    await using server = await testServer({ receiver: echo() });
    const link = dial(server.url, 1024)();
    await link.start(recorder());
    const far = await server.link();
    server.sockets[0]?.write(bytes);
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({
      code: word,
      status: code,
    });
    const heard = closeOf((await within(far.closed, 'the end at the server')).cause);
    expect(heard?.code).toBe(code + shift);
  });

  test('a normal end has no cause', async () => {
    await using server = await testServer({ receiver: echo() });
    const link = dial(server.url)();
    await link.start(recorder());
    const far = await server.link();
    await link.close();
    expect(await within(far.closed, 'the end at the server')).toEqual({ by: 'remote' });
    expect(await link.closed).toEqual({ by: 'local' });
  });

  test('every byte of what comes in a piece of its own', async () => {
    await using server = await badServer((head) => accept(head, 'mcp'));
    const link = dial(server.url)();
    const heard = recorder();
    await link.start(heard);
    const [socket] = server.sockets;
    socket?.setNoDelay(true);
    const message = { jsonrpc: '2.0', method: 'n', params: { text: 'a😀\u2028b' } };
    for (const byte of frame({ opcode: TEXT, payload: JSON.stringify(message), masked: false })) {
      socket?.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await heard.count(1);
    expect(heard.messages).toEqual([message]);
    socket?.destroy();
    await within(link.closed, 'the end of the link');
  });
});
