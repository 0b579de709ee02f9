import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpHost, type HttpLimits } from '@trunkline/http-host';
import type { JsonObject } from '@trunkline/protocol';
import { memoryStore } from '@trunkline/store';
import type { Listening } from '@trunkline/transport';
import { createHttpHandler } from '@trunkline/transport-http';
import { http, toNodeHandler, type HttpOptions } from '@trunkline/transport-http/node';
import { describe, expect, test } from 'vitest';
import {
  EventReader,
  FACES,
  legacyRequest,
  modernRequest,
  open,
  openSession,
  POST_FIELDS,
  RawSocket,
  rawRequest,
  rawText,
  signalled,
  within,
} from './harness.ts';
import { TestServer, text } from './test-server.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

function call(name: string, id: string | number = 2): JsonObject {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, _meta: { progressToken: 1 } } };
}

test('the defaults are these', () => {
  expect(new HttpHost().limits).toEqual({
    maxBodyBytes: 4_194_304,
    maxBytesInFlight: 268_435_456,
    maxPendingBytes: 16_777_216,
    writeStall: 30_000,
    keepAlive: 15_000,
  });
});

describe.each(FACES)('a body through the %s face', (face) => {
  const long = modernRequest('tools/call', { name: 'x', arguments: { a: 'x'.repeat(2000) } });

  test('that says that it is too long is refused unread', async () => {
    const server = new TestServer();
    await using opened = await open(face, server, { limits: { maxBodyBytes: 1000 } });
    const response = await fetch(opened.url, long);
    expect([response.status, response.headers.get('content-type')]).toEqual([413, 'application/json']);
    expect(await response.json()).toMatchObject({ error: { code: -32600 } });
    expect(server.seen).toEqual([]);
  });

  test('that turns out to be too long is refused at the limit', async () => {
    const server = new TestServer();
    await using opened = await open(face, server, { limits: { maxBodyBytes: 1000 } });
    const headers = { ...(long.headers as Record<string, string>), 'transfer-encoding': 'chunked' };
    const response = await rawRequest(opened.url, { method: 'POST', headers, body: long.body as string });
    expect([response.status, (JSON.parse(response.body) as { error: JsonObject }).error['code']]).toEqual([
      413, -32600,
    ]);
    expect(server.seen).toEqual([]);
  });

  test('may have four mebibytes unless said', async () => {
    await using opened = await open(face, new TestServer());
    const sized = (bytes: number): RequestInit => {
      const init = modernRequest('tools/call', { name: 'x', arguments: { a: '' } });
      const body = init.body as string;
      return { ...init, body: body.replace('"a":""', `"a":"${'x'.repeat(bytes - body.length)}"`) };
    };
    expect((await fetch(opened.url, sized(4 * MiB))).status).toBe(200);
    expect((await fetch(opened.url, sized(4 * MiB + 1))).status).toBe(413);
  });

  test('waits its turn when too many bytes are being handled', async () => {
    const hold = signalled();
    const server = new TestServer().tool('hold', async () => {
      await hold.promise;
      return text('done');
    });
    await using opened = await open(face, server, { limits: { maxBytesInFlight: 1500 } });
    const padded = (name: string): RequestInit =>
      modernRequest('tools/call', { name, arguments: { a: 'x'.repeat(900) } });
    const first = fetch(opened.url, padded('hold'));
    await expect.poll(() => server.seen.length).toBe(1);
    const second = await fetch(opened.url, padded('x'));
    expect([second.status, second.headers.get('retry-after')]).toEqual([503, '1']);
    hold.fire();
    await (await first).text();
    expect((await fetch(opened.url, padded('x'))).status).toBe(200);
  });

  test.each<[string, JsonObject, number]>([
    ['nested too deeply', { maxDepth: 5 }, -32600],
    ['of too many elements', { maxElements: 20 }, -32602],
  ])('%s is refused', async (_name, message, code) => {
    const server = new TestServer();
    await using opened = await open(face, server, { message });
    const nested = { a: { b: { c: { d: {} } } }, e: Array.from({ length: 30 }, () => 0) };
    const response = await fetch(opened.url, modernRequest('tools/call', { name: 'x', arguments: nested }));
    const { error } = (await response.json()) as { error: JsonObject };
    expect([response.status, error['code']]).toEqual([400, code]);
    expect(server.seen).toEqual([]);
  });
});

describe('a body that a framework has parsed', () => {
  async function serveParsed(
    limit: number,
    through: (body: unknown) => unknown,
  ): Promise<[string, () => Promise<void>]> {
    const handler = toNodeHandler(createHttpHandler(new TestServer(), { limits: { maxBodyBytes: limit } }));
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        handler(request, response, { body: through(JSON.parse(Buffer.concat(chunks).toString())) });
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return [`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close];
  }

  test.each<[string, (body: unknown) => unknown]>([
    ['as an object', (body) => body],
    ['as text', (body) => JSON.stringify(body)],
    ['as bytes', (body) => Buffer.from(JSON.stringify(body))],
  ])('is served %s, within the same limit', async (_name, through) => {
    const [url, close] = await serveParsed(1000, through);
    try {
      expect((await fetch(url, modernRequest('tools/call', { name: 'x' }))).status).toBe(200);
      const chunked = { ...POST_FIELDS, 'transfer-encoding': 'chunked' };
      const body = JSON.stringify(call('x'.repeat(2000)));
      expect((await rawRequest(url, { method: 'POST', headers: chunked, body })).status).toBe(413);
    } finally {
      await close();
    }
  });

  test('is found where Express leaves it', async () => {
    const handler = createHttpHandler(new TestServer());
    const face = toNodeHandler(handler);
    const next = (): void => {};
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        face(
          Object.assign(request, { body: { jsonrpc: '2.0', id: 5, method: 'no/such', params: {} } }),
          response,
          next,
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await fetch(
      `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      modernRequest('x/y'),
    );
    expect(await response.json()).toMatchObject({ id: 5 });
    server.closeAllConnections();
    server.close();
  });

  test('through the fetch face keeps the limit too', async () => {
    const handler = createHttpHandler(new TestServer(), { limits: { maxBodyBytes: 1000 } });
    const init = modernRequest('tools/call', { name: 'x' });
    const respond = (body: unknown): Promise<Response> =>
      handler.fetch(new Request('http://localhost/mcp', { ...init, body: null }), { body });
    expect((await respond(JSON.parse(init.body as string))).status).toBe(200);
    expect((await respond(call('x'.repeat(2000)))).status).toBe(413);
  });
});

describe.each(FACES)('a reader that does not read, through the %s face', (face) => {
  /** Calls the tool and never reads what it says. */
  async function ignore(server: TestServer, limits: HttpLimits, while_: () => Promise<void>): Promise<void> {
    await using opened = await open(face, server, { limits });
    const init = modernRequest('tools/call', { name: 'talk' });
    if (face === 'fetch') {
      await opened.handler.fetch(new Request('http://localhost/mcp', init));
      return while_();
    }
    using socket = new RawSocket(opened.url);
    socket.socket.pause();
    socket.write(rawText(init));
    await while_();
  }

  /** A tool that talks until it is told to stop, and how it ended. */
  function talker(patient: boolean): { server: TestServer; stopped: Promise<number> } {
    const stopped = signalled<number>();
    const server = new TestServer().tool('talk', async (_args, context) => {
      let sent = 0;
      context.signal.addEventListener('abort', () => stopped.fire(sent));
      while (!context.signal.aborted && sent < 1000) {
        const told = context.notify('notifications/message', { level: 'info', data: 'x'.repeat(64 * KiB) });
        sent += 1;
        if (patient) await told.catch(() => {});
        else if (sent % 16 === 0) await new Promise((resolve) => setImmediate(resolve));
        told.catch(() => {});
      }
      return text('done');
    });
    return { server, stopped: stopped.promise };
  }

  test('is dropped when it takes nothing for too long', async () => {
    const { server, stopped } = talker(true);
    await ignore(server, { writeStall: 50 }, async () => {
      expect(await within(stopped)).toBeLessThan(1000);
    });
  });

  test('is dropped when too much waits for it, also where nobody waits for room', async () => {
    const { server, stopped } = talker(false);
    await ignore(server, { maxPendingBytes: MiB }, async () => {
      expect(await within(stopped)).toBeLessThan(1000);
    });
  });
});

test('an answer that nobody takes does not stay', async () => {
  const server = new TestServer().tool('much', () => text('x'.repeat(50 * MiB)));
  await using opened = await open('node', server, { limits: { writeStall: 50 } });
  using socket = new RawSocket(opened.url);
  socket.socket.pause();
  socket.write(rawText(modernRequest('tools/call', { name: 'much' })));
  await expect.poll(() => server.seen.length).toBe(1);
  await expect.poll(() => opened.connections(), { timeout: 2_000 }).toBe(0);
});

describe('sessions', () => {
  const INITIALIZE = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
  };

  test('are so many, then 503 until one ends', async () => {
    await using opened = await open('node', new TestServer(), { legacy: { maxSessions: 2 } });
    const [first] = [await openSession(opened.url), await openSession(opened.url)];
    const refused = await fetch(opened.url, legacyRequest(INITIALIZE));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    await fetch(opened.url, { method: 'DELETE', headers: first.fields });
    expect((await fetch(opened.url, legacyRequest(INITIALIZE))).status).toBe(200);
  });

  test('of one identity are fewer, then 429', async () => {
    const verify = ({ header }: { header(this: void, name: string): string | undefined }) => ({
      clientId: header('authorization') ?? '',
      scopes: [],
    });
    await using opened = await open('node', new TestServer(), {
      verify,
      legacy: { maxSessionsPerPrincipal: 1 },
    });
    await openSession(opened.url, '2025-11-25', { fields: { authorization: 'a' } });
    expect((await fetch(opened.url, legacyRequest(INITIALIZE, { authorization: 'a' }))).status).toBe(429);
    expect((await fetch(opened.url, legacyRequest(INITIALIZE, { authorization: 'b' }))).status).toBe(200);
  });

  test('end when they are idle, but not while a call runs or a stream is open', async () => {
    const finish = signalled();
    const server = new TestServer().tool('hold', async () => {
      await finish.promise;
      return text('done');
    });
    await using opened = await open('node', server, { legacy: { idleTimeout: 30 } });
    const [idle, calling, listening] = [
      await openSession(opened.url),
      await openSession(opened.url),
      await openSession(opened.url),
    ];
    const pending = calling.send(call('hold'));
    const stream = await listening.listen();
    await expect.poll(async () => (await idle.send(call('x'))).status, { interval: 60 }).toBe(404);
    finish.fire();
    expect((await pending).status).toBe(200);
    expect((await listening.send(call('x'))).status).toBe(200);
    await stream.cancel();
  });

  test('that do not say that they are initialized end soon', async () => {
    await using opened = await open('node', new TestServer(), {
      legacy: { readyTimeout: 30, maxSessions: 2 },
    });
    const kept = await openSession(opened.url);
    const opening = await fetch(opened.url, legacyRequest(INITIALIZE));
    const fields = { 'mcp-session-id': opening.headers.get('mcp-session-id') ?? '' };
    await expect
      .poll(async () => (await fetch(opened.url, legacyRequest(call('x'), fields))).status)
      .toBe(404);
    expect((await kept.send(call('x'))).status).toBe(200);
    expect((await fetch(opened.url, legacyRequest(INITIALIZE))).status).toBe(200);
  });

  test('keep events up to so many bytes, for so long', async () => {
    const appended: unknown[] = [];
    const inner = memoryStore();
    const store = new Proxy(inner, {
      get: (_target, name: keyof typeof inner) => {
        const method = inner[name] as (...args: unknown[]) => unknown;
        return (...args: unknown[]) => {
          if (name === 'append') appended.push(args[2]);
          return method.apply(inner, args);
        };
      },
    });
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1);
      return text('done');
    });
    const resumption = { maxEvents: 7, maxBytes: 70, window: 700 };
    for (const [options, kept] of [
      [
        { store, resumption },
        { maxEntries: 7, maxBytes: 70, ttl: 700 },
      ],
      [{ store }, { maxEntries: 1_000, maxBytes: 4 * MiB, ttl: 300_000 }],
    ] as const) {
      await using opened = await open('node', server, { legacy: options });
      const session = await openSession(opened.url);
      await new EventReader(await session.send(call('talk'))).rest();
      expect(appended.splice(0)).toEqual([kept, kept, kept]);
    }
  });
});

describe('a port', () => {
  async function listenOn(
    options: HttpOptions,
    server = new TestServer(),
  ): Promise<Listening & { url: string }> {
    const listening = await http(options).listen(server);
    return Object.assign(listening, { url: listening.describe });
  }

  test.each<[string, HttpOptions, string, number]>([
    [
      'too many bytes of headers',
      {},
      `GET /mcp HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(20 * KiB)}\r\n\r\n`,
      431,
    ],
    [
      'more bytes of headers than were set',
      { maxHeaderBytes: 2 * KiB },
      `GET /mcp HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(3 * KiB)}\r\n\r\n`,
      431,
    ],
    ['too many headers', {}, `GET /mcp HTTP/1.1\r\nhost: localhost\r\n${'x: y\r\n'.repeat(100)}\r\n`, 431],
    [
      'more headers than were set',
      { maxHeaderFields: 3 },
      'GET /mcp HTTP/1.1\r\nhost: localhost\r\na: 1\r\nb: 2\r\nc: 3\r\n\r\n',
      431,
    ],
    ['a head that does not end', { headersTimeout: 50 }, 'GET /mcp HTTP/1.1\r\nhost: localhost\r\n', 408],
    [
      'a body that does not come',
      { requestTimeout: 50 },
      'POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"jsonrpc"',
      408,
    ],
  ])('refuses %s', async (_name, options, request, status) => {
    const server = new TestServer();
    const listening = await listenOn(options, server);
    using socket = new RawSocket(listening.url);
    socket.write(request);
    await socket.until('\r\n\r\n');
    expect(socket.status).toBe(status);
    await listening.close();
    expect(server.seen).toEqual([]);
  });

  test('closes a connection that is idle', async () => {
    const listening = await listenOn({ keepAliveTimeout: 20 });
    using socket = new RawSocket(listening.url);
    socket.write(rawText(modernRequest('tools/list')));
    await socket.until('serverInfo');
    await socket.closed();
    expect(socket.status).toBe(200);
    await listening.close();
  });

  test('lets as many sessions listen as there are', async () => {
    const listening = await listenOn({ legacy: { maxSessions: 20 } });
    const sessions = await Promise.all(Array.from({ length: 20 }, () => openSession(listening.url)));
    const readers = await Promise.all(sessions.map((session) => session.listen()));
    expect(readers.map(({ response }) => response.status)).toEqual(readers.map(() => 200));
    await Promise.all(readers.map((reader) => reader.cancel()));
    await listening.close();
  });
});
