import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { portListener } from '@trunkline/http-host/node';
import type { Acceptor, Transport } from '@trunkline/transport';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { closeOf } from '../close-code.ts';
import { frame, TEXT } from '../fixtures/frames.ts';
import { rawClient } from '../fixtures/raw-client.ts';
import { echo, recorder, request } from '../fixtures/recorder.ts';
import { listening, testServer } from '../fixtures/server.ts';
import { rejection, within } from '../fixtures/within.ts';
import { webSocketClient } from './client.ts';
import { webSocketServer } from './web-socket-server.ts';
import { runWebSocket, ws } from './ws.ts';

/** Starts every link with an echo. */
const echoing: Acceptor = { exchange: () => {}, link: (transport) => transport.start(echo()) };

async function call(url: string): Promise<Transport> {
  const link = webSocketClient(url)();
  const heard = recorder();
  await link.start(heard);
  await link.send(request(1, { text: 'hi' }));
  await heard.count(1);
  expect(heard.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { text: 'hi' } }]);
  return link;
}

describe('who may open a socket', () => {
  const auth = { clientId: 'ada', scopes: [] };
  const verify = (head: {
    header(name: string): string | undefined;
  }): typeof auth | { status: number; headers: Record<string, string> } =>
    head.header('authorization') === 'Bearer good'
      ? auth
      : { status: 401, headers: { 'www-authenticate': 'Bearer' } };

  test('a verified identity is shown with every message, beside the request', async () => {
    const heard = recorder();
    await using server = await testServer({ verify, receiver: heard });
    const link = webSocketClient(server.url, {
      headers: { authorization: 'Bearer good', 'x-tenant': 'a' },
    })();
    await link.start(recorder());
    await link.send(request(1));
    await heard.count(1);
    const [exchange] = heard.exchanges;
    expect(exchange?.origin.auth).toBe(auth);
    expect(exchange?.origin.http?.url).toBe('/mcp');
    expect(exchange?.origin.http?.header('x-tenant')).toBe('a');
    await link.close();
  });

  test('a challenge refuses the socket, and a token in the query is none', async () => {
    await using server = await testServer({ verify });
    const link = webSocketClient(`${server.url}?access_token=good`)();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', status: 401 });
    using client = await rawClient(server.port);
    expect(client.head).toMatch(/\r\nwww-authenticate: Bearer\r\n/);
  });

  test('a verifier that throws refuses with 500 and says why only at home', async () => {
    const errors: unknown[] = [];
    const broken = new Error('the key store is down');
    await using server = await testServer({
      verify: () => Promise.reject(broken),
      onError: (error) => void errors.push(error),
    });
    using client = await rawClient(server.port);
    expect(client.status).toBe(500);
    await within(client.closed, 'the end of the connection');
    expect(client.body()).not.toContain('key store');
    expect(errors).toEqual([broken]);
  });

  test('a client that leaves while it is verified is gone once that is done', async () => {
    let decide = (): void => {};
    let onAsked = (): void => {};
    const asked = new Promise<void>((resolve) => (onAsked = resolve));
    await using server = await testServer({
      receiver: echo(),
      verify: () => {
        onAsked();
        return new Promise((resolve) => (decide = () => resolve(auth)));
      },
    });
    const link = webSocketClient(server.url)();
    const starting = link.start(recorder());
    await within(asked, 'the verifier');
    await link.close();
    expect(await rejection(starting)).toMatchObject({ code: 'closed' });
    decide();
    const accepted = await server.link();
    expect(await within(accepted.closed, 'the end of the link')).toMatchObject({ cause: { status: 1006 } });
  });

  describe('when the identity expires', () => {
    afterEach(() => void vi.useRealTimers());

    test('the link ends with 1008, a minute later for clocks that differ', async () => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 1_000_000 });
      await using server = await testServer({
        verify: () => ({ ...auth, expiresAt: 1_100 }),
        receiver: echo(),
      });
      using client = await rawClient(server.port);
      const link = await server.link();
      vi.advanceTimersByTime(159_000);
      client.send(frame({ opcode: TEXT, payload: JSON.stringify(request(1)) }));
      expect((await client.next()).opcode).toBe(TEXT);
      vi.advanceTimersByTime(2_000);
      vi.useRealTimers();
      expect(await client.closeCode()).toBe(1008);
      client.socket.destroy();
      expect((await link.closed).cause).toMatchObject({ code: 'expired' });
    });
  });
});

describe('how many', () => {
  test('connections beyond the limit get 503 and a time to come back', async () => {
    await using server = await testServer({ maxConnections: 2, receiver: echo() });
    using one = await rawClient(server.port);
    using two = await rawClient(server.port);
    using three = await rawClient(server.port);
    expect([one.status, two.status, three.status]).toEqual([101, 101, 503]);
    expect(three.head).toMatch(/\r\nretry-after: 1\r\n/);
    await server.link();
    const second = await server.link();
    two.socket.destroy();
    await within(second.closed, 'the end of a link');
    using four = await rawClient(server.port);
    expect(four.status).toBe(101);
  });

  test('connections of one principal beyond its share get 429', async () => {
    await using server = await testServer({
      maxConnectionsPerPrincipal: 1,
      receiver: echo(),
      verify: (head) => ({ clientId: head.header('x-client') ?? '', scopes: [] }),
    });
    using one = await rawClient(server.port, { 'x-client': 'a' });
    using two = await rawClient(server.port, { 'x-client': 'a' });
    using three = await rawClient(server.port, { 'x-client': 'b' });
    expect([one.status, two.status, three.status]).toEqual([101, 429, 101]);
  });

  test('a handshake that fails takes no place', async () => {
    await using server = await testServer({ maxConnections: 1, receiver: echo() });
    using failed = await rawClient(server.port, { 'sec-websocket-key': 'short' });
    expect(failed.status).toBe(400);
    await within(failed.closed, 'the end of the connection');
    using client = await rawClient(server.port);
    expect(client.status).toBe(101);
  });
});

describe('a port', () => {
  test('of its own', async () => {
    const listener = await ws({ port: 0, path: '/socket' }).listen(echoing);
    expect(listener.describe).toMatch(/^ws:\/\/127\.0\.0\.1:\d+\/socket$/);
    const link = await call(listener.describe);
    await link.close();
    await listener.close();
    expect(await rejection(webSocketClient(listener.describe)().start(recorder()))).toMatchObject({
      code: 'not-sent',
    });
  });

  test('that is taken already', async () => {
    const first = await ws().listen(echoing);
    const port = Number(new URL(first.describe).port);
    expect(await rejection(ws({ port }).listen(echoing))).toMatchObject({ code: 'refused' });
    await first.close();
  });

  test('of another listener, which does the checking', async () => {
    const options = { security: { allowedHosts: ['mcp.example'] } };
    const listener = await portListener([ws({ path: '/a' }), ws({ path: '/b' })], options).listen(echoing);
    const { host, port } = new URL(listener.describe);
    for (const path of ['a', 'b']) await (await call(`ws://${host}/${path}`)).close();
    using client = await rawClient(Number(port), { path: '/b', host: 'mcp.example' });
    expect(client.status).toBe(101);
    using other = await rawClient(Number(port), { path: '/b', host: 'evil.example' });
    expect(other.status).toBe(403);
    client.socket.destroy();
    await listener.close();
  });

  test('of an existing server, whose other upgrades are left alone', async () => {
    const server = createServer((_, response) => response.end('plain'));
    server.on('upgrade', ({ url }, socket) => {
      if (url === '/chat') socket.end('HTTP/1.1 418 Teapot\r\n\r\n');
    });
    await listening(server);
    const listener = await webSocketServer({ server }).listen(echoing);
    const { port } = server.address() as AddressInfo;
    expect(listener.describe).toBe(`ws://127.0.0.1:${port}/mcp`);
    await (await call(listener.describe)).close();
    using chat = await rawClient(port, { path: '/chat' });
    expect(chat.status).toBe(418);
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('plain');
    await listener.close();
    await new Promise((resolve) => void server.close(resolve));
  });

  test('that serves nothing else refuses other paths', async () => {
    await using server = await testServer();
    using client = await rawClient(server.port, { path: '/chat' });
    expect(client.status).toBe(404);
  });
});

describe('the end', () => {
  /** A server with one request that is answered when the test says so. */
  async function busy(options: { readonly grace?: number } = {}): Promise<{
    readonly server: Awaited<ReturnType<typeof testServer>>;
    readonly client: Transport;
    readonly heard: ReturnType<typeof recorder>;
    readonly answer: () => void;
  }> {
    let answer = (): void => {};
    const waiting = recorder((_, exchange) => {
      answer = () => void exchange.send({ jsonrpc: '2.0', id: 1, result: {} });
    });
    const server = await testServer({ receiver: waiting, ...options });
    const client = webSocketClient(server.url)();
    const heard = recorder();
    await client.start(heard);
    await client.send(request(1));
    await waiting.count(1);
    return { server, client, heard, answer: () => answer() };
  }

  test('in good order: running requests are answered, then 1001', async () => {
    const { server, client, heard, answer } = await busy();
    const closing = server.close();
    using late = await rawClient(server.port);
    expect(late.status).toBe(404);
    answer();
    const { by, cause } = await within(client.closed, 'the end of the link');
    expect(heard.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(by).toBe('remote');
    expect(cause).toMatchObject({ code: 'closed', status: 1001 });
    expect(closeOf(cause)?.reason).toContain('shutting down');
    await within(closing, 'the end of the listener');
    await server[Symbol.asyncDispose]();
  });

  test('after the grace: what still runs is cut off', async () => {
    const { server, client, heard } = await busy({ grace: 1 });
    await within(server.close(), 'the end of the listener');
    expect(await within(client.closed, 'the end of the link')).toMatchObject({ cause: { status: 1001 } });
    expect(heard.messages).toEqual([]);
    await server[Symbol.asyncDispose]();
  });

  test('by a signal', async () => {
    const stop = new AbortController();
    const listener = await ws().listen(echoing, { signal: stop.signal });
    const client = webSocketClient(listener.describe)();
    await client.start(recorder());
    stop.abort();
    expect(await within(client.closed, 'the end of the link')).toMatchObject({ cause: { status: 1001 } });
    await within(listener.closed, 'the end of the listener');
  });

  test('of what runWebSocket serves, with the server', async () => {
    const port = await freePort();
    let closes = 0;
    const stop = new AbortController();
    let onLink = (): void => {};
    const linked = new Promise<void>((resolve) => (onLink = resolve));
    const running = runWebSocket(
      {
        exchange: () => {},
        link: (transport) => transport.start(echo()).then(onLink),
        close: async () => void (closes += 1),
      },
      { port, signal: stop.signal },
    );
    const client = webSocketClient(`ws://127.0.0.1:${port}/mcp`)();
    await client.start(recorder());
    await linked;
    process.emit('SIGTERM');
    await within(running, 'runWebSocket');
    expect(await client.closed).toMatchObject({ cause: { status: 1001 } });
    expect(closes).toBe(1);
  });

  test('of an existing server is the end of the listener', async () => {
    const server = createServer();
    await listening(server);
    const listener = await webSocketServer({ server }).listen(echoing);
    server.close();
    expect(await within(listener.closed, 'the end of the listener')).toBeUndefined();
  });

  test('an acceptor that rejects a link closes it', async () => {
    await using server = await testServer({
      acceptor: { exchange: () => {}, link: () => Promise.reject(new Error('no')) },
    });
    const client = webSocketClient(server.url)();
    await client.start(recorder());
    expect(await within(client.closed, 'the end of the link')).toMatchObject({ cause: { status: 1011 } });
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await listening(server);
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => void server.close(resolve));
  return port;
}
