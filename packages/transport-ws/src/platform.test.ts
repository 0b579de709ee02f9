import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { webSocketClient } from './client.ts';
import { closeOf } from './close-code.ts';
import { echo, recorder, request } from './fixtures/recorder.ts';
import { listening, testServer } from './fixtures/server.ts';
import { rejection, within } from './fixtures/within.ts';
import { webSocketTransport } from './socket-transport.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('a platform', () => {
  test('without a WebSocket is told where there is one', async () => {
    vi.stubGlobal('WebSocket', undefined);
    const link = webSocketClient('ws://mcp.example')();
    const error = await rejection(link.start(recorder()));
    expect(error).toMatchObject({ code: 'misuse', delivery: 'not-sent' });
    expect(error['message']).toContain('@trunkline/transport-ws/node');
  });

  test('may be given another one', async () => {
    const opened: [string, string[]][] = [];
    class Refusing extends EventTarget {
      constructor(url: string, protocols: string[]) {
        super();
        opened.push([url, protocols]);
        throw new SyntaxError('no');
      }
    }
    const WebSocket = Refusing as unknown as typeof globalThis.WebSocket;
    const link = webSocketClient('ws://mcp.example/mcp#x', { WebSocket })();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', delivery: 'not-sent' });
    expect(opened).toEqual([['ws://mcp.example/mcp', ['mcp']]]);
  });
});

describe('what waits to leave', () => {
  /** A socket of the platform that says how much waits, as a test wants. */
  async function slowLink(): Promise<{
    readonly link: ReturnType<ReturnType<typeof webSocketClient>>;
    readonly buffered: (bytes: number) => void;
    readonly release: () => Promise<void>;
  }> {
    let buffered = 0;
    class Slow extends WebSocket {
      override get bufferedAmount(): number {
        return buffered;
      }
    }
    const server = await testServer({ receiver: echo() });
    const link = webSocketClient(server.url, { WebSocket: Slow })();
    await link.start(recorder());
    return {
      link,
      buffered: (bytes) => void (buffered = bytes),
      async release() {
        await link.close();
        await server[Symbol.asyncDispose]();
      },
    };
  }

  test('makes the sender wait until there is room', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const { link, buffered, release } = await slowLink();
    buffered(2 * 1024 * 1024);
    let there = false;
    const sending = link.send(request(1)).then(() => (there = true));
    vi.advanceTimersByTime(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(there).toBe(false);
    buffered(1000);
    vi.advanceTimersByTime(20);
    await within(sending, 'room');
    expect(vi.getTimerCount()).toBe(1);
    await release();
    vi.advanceTimersByTime(20);
  });

  test('and is not taken for 30 s ends the link', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const { link, buffered, release } = await slowLink();
    buffered(3 * 1024 * 1024);
    const outcome = link.send(request(1)).catch((error: unknown) => error);
    vi.advanceTimersByTime(29_000);
    buffered(2 * 1024 * 1024);
    vi.advanceTimersByTime(29_000);
    expect(link.closed).toBeInstanceOf(Promise);
    vi.advanceTimersByTime(2_000);
    vi.useRealTimers();
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'overloaded' });
    expect(await outcome).toMatchObject({ code: 'closed' });
    await release();
  });
});

describe('while reading is paused', () => {
  test('what comes is kept, in order, also when the peer closes', async () => {
    let goOn = (): void => {};
    const slow = recorder(() => new Promise((resolve) => (goOn = resolve)));
    await using server = await testServer({ receiver: echo() });
    const link = webSocketClient(server.url)();
    await link.start(slow);
    const far = await server.link();
    for (let number = 0; number < 5; number += 1) {
      await far.send({ jsonrpc: '2.0', method: 'n', params: { number } });
    }
    await far.close();
    for (let count = 1; count <= 5; count += 1) {
      await slow.count(count);
      goOn();
    }
    expect(await within(link.closed, 'the end of the link')).toEqual({ by: 'remote' });
    expect(slow.messages.map((message) => 'method' in message && message.params)).toEqual([
      ...[0, 1, 2, 3, 4].map((number) => ({ number })),
    ]);
  });

  test('more than 1,024 messages end the link', async () => {
    const stuck = recorder(() => new Promise(() => {}));
    await using server = await testServer({ receiver: echo() });
    const link = webSocketClient(server.url)();
    await link.start(stuck);
    const far = await server.link();
    for (let number = 0; number < 1100; number += 1) {
      far.send({ jsonrpc: '2.0', method: 'n', params: { number } }).catch(() => {});
    }
    const { cause } = await within(far.closed, 'the end at the server');
    expect(closeOf(cause)?.code).toBe(4013);
    await link.close();
  });
});

describe('a socket that a server accepted', () => {
  /** A server that makes links of sockets by itself. */
  async function accepting(
    onSocket: (socket: WebSocket) => void,
  ): Promise<{ url: string } & AsyncDisposable> {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => onSocket(socket as unknown as WebSocket));
    await listening(server);
    return {
      url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        for (const socket of sockets.clients) socket.terminate();
        await new Promise((resolve) => void server.close(resolve));
      },
    };
  }

  test('becomes a link that shows its origin and keeps what came before it was started', async () => {
    const heard = echo();
    let socket: WebSocket | undefined;
    let onMessage = (): void => {};
    const arrived = new Promise<void>((resolve) => (onMessage = resolve));
    const auth = { clientId: 'ada', scopes: [] };
    let link: ReturnType<typeof webSocketTransport> | undefined;
    await using server = await accepting((accepted) => {
      socket = accepted;
      link = webSocketTransport(accepted, { origin: { auth } });
      accepted.addEventListener('message', () => onMessage());
    });
    const client = webSocketClient(server.url)();
    const answers = recorder();
    await client.start(answers);
    await client.send(request(1, { early: true }));
    await within(arrived, 'the message');
    await link?.start(heard);
    await answers.count(1);
    expect(answers.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { early: true } }]);
    expect(heard.exchanges[0]?.origin).toEqual({ auth });
    await client.close();
    expect(await within(link?.closed ?? Promise.reject(), 'the end')).toEqual({ by: 'remote' });
    expect(socket?.readyState).toBe(3);
  });

  test('and that is closed already is refused', async () => {
    let onSocket: (socket: WebSocket) => void = () => {};
    const accepted = new Promise<WebSocket>((resolve) => (onSocket = resolve));
    await using server = await accepting((socket) => onSocket(socket));
    const client = new WebSocket(server.url, 'mcp');
    const socket = await within(accepted, 'a socket');
    await once(client, 'open');
    client.close();
    await once(socket as unknown as EventTarget, 'close');
    const link = webSocketTransport(socket);
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', delivery: 'not-sent' });
  });
});
