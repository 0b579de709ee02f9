import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { connect, Server } from '@trunkline/session';
import { HttpHost } from '@trunkline/http-host';
import type { Attachment } from '@trunkline/http-host/node';
import { httpClient } from '@trunkline/transport-http';
import { http, runHttp } from '@trunkline/transport-http/node';
import { describe, expect, test } from 'vitest';
import {
  EventReader,
  legacyRequest,
  modernRequest,
  openSession,
  RawSocket,
  rawText,
  signalled,
  within,
} from './harness.ts';
import { TestServer, text } from './test-server.ts';

describe.each(['modern', 'legacy'] as const)('our own client and server, %s', (era) => {
  test('do everything together', async () => {
    const server = new TestServer()
      .tool('ask', async (_args, { ask }) => {
        const { content } = await ask.elicit({
          message: 'Name?',
          requestedSchema: { type: 'object', properties: {} },
        });
        return text(`hi ${String(content?.['name'])}`);
      })
      .tool('talk', async (_args, context) => {
        await context.progress(1, 2);
        return text('done');
      });
    const listening = await http().listen(server);
    const client = await connect(httpClient(listening.describe), {
      eras: [era],
      onElicit: () => ({ action: 'accept', content: { name: 'ada' } }),
    });
    const progress: number[] = [];
    expect(client.era).toBe(era);
    expect((await client.callTool('ask')).content).toEqual([{ type: 'text', text: 'hi ada' }]);
    await client.callTool('talk', {}, { onProgress: (report) => progress.push(report.progress) });
    expect(progress).toEqual([1]);
    const changes = await client.listen({ toolsListChanged: true });
    server.changed({ kind: 'tools' });
    for await (const change of changes) {
      expect(change).toEqual({ kind: 'tools' });
      break;
    }
    await client.close();
    await Promise.all([listening.close(), server.close()]);
    expect(server.errors).toEqual([]);
  });
});

describe('a listener that closes', () => {
  test('answers new requests with 503, lets running ones finish, and ends subscriptions with their result', async () => {
    const started = signalled();
    const finish = signalled();
    const server = new TestServer().tool('hold', async () => {
      started.fire();
      await finish.promise;
      return text('finished');
    });
    const listening = await http().listen(server);
    const url = listening.describe;
    const running = fetch(url, modernRequest('tools/call', { name: 'hold' }));
    await within(started.promise);
    const init = modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } }, {}, 9);
    const subscription = new EventReader(await fetch(url, init));
    await subscription.message();
    const session = await openSession(url);
    const ambient = await session.listen();
    using idle = new RawSocket(url);
    const late = rawText(modernRequest('tools/call', { name: 'late' }));
    idle.write(late.slice(0, 40));
    await expect.poll(() => idle.socket.readyState).toBe('open');
    await (await session.send({ jsonrpc: '2.0', id: 4, method: 'ping' })).text();
    const closing = Promise.all([listening.close(), server.close()]);
    expect(await subscription.message()).toMatchObject({ id: 9, result: {} });
    await ambient.rest();
    expect(ambient.pauses).toEqual([1_000]);
    idle.write(late.slice(40));
    await idle.until('\r\n\r\n');
    expect(idle.status).toBe(503);
    expect(idle.heard.toLowerCase()).toContain('retry-after: 5');
    finish.fire();
    expect(await (await running).json()).toMatchObject({ result: { content: [{ text: 'finished' }] } });
    await within(closing);
    await listening.closed;
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  test.each(['modern', 'legacy'] as const)(
    'waits for running requests no longer than its grace, then fails them in band: %s',
    async (era) => {
      const stopped: unknown[] = [];
      const server = new TestServer().tool('hang', async (args, context) => {
        if (args['talk']) await context.progress(1);
        await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
        stopped.push(args['talk']);
        return text('late');
      });
      const listening = await http({ grace: 30 }).listen(server);
      const session = await openSession(listening.describe);
      const running = [true, false].map((talk) => {
        const params = { name: 'hang', arguments: { talk }, _meta: { progressToken: 1 } };
        if (era === 'modern') return fetch(listening.describe, modernRequest('tools/call', params, {}, 5));
        return session.send({ jsonrpc: '2.0', id: talk ? 5 : 6, method: 'tools/call', params });
      });
      await expect.poll(() => server.seen.length).toBe(2);
      await within(listening.close());
      for (const response of await Promise.all(running)) {
        expect(response.status).toBe(200);
        expect(await response.text()).toMatch(/"id":[56],"error":\{"code":-32603/);
      }
      expect(new Set(stopped)).toEqual(new Set([true, false]));
    },
  );

  test('is told so by a signal, and closes once', async () => {
    const stop = new AbortController();
    const listening = await http().listen(new TestServer(), { signal: stop.signal });
    stop.abort();
    await within(listening.closed);
    await Promise.all([listening.close(), listening.close()]);
    await expect(http().listen(new TestServer(), { signal: stop.signal })).rejects.toThrow('aborted');
  });
});

describe('a port', () => {
  test('that is taken is refused', async () => {
    const first = await http().listen(new TestServer());
    const { port } = new URL(first.describe);
    await expect(http({ port: Number(port) }).listen(new TestServer())).rejects.toMatchObject({
      code: 'refused',
    });
    await first.close();
  });

  test('serves other bindings and plain pages beside, behind the same checks', async () => {
    const drained: string[] = [];
    const attachment: Attachment = {
      attach: (acceptor, host) => ({
        routes: {
          '/other': (call) =>
            call.reply(200, {}, `${acceptor instanceof Server} ${host instanceof HttpHost}`),
          '/broken': () => {
            throw new Error('secret');
          },
        },
        upgrades: { '/socket': ({ socket }) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\nhello') },
        drain: () => drained.push('drain'),
        close: () => void drained.push('close'),
      }),
    };
    const pages = {
      '/health': (request: Request) => new Response(`ok ${new URL(request.url).search}`),
      '/form': async (request: Request) => Response.json({ got: await request.text() }, { status: 201 }),
    };
    const verify = () => ({ status: 401 });
    const errors: unknown[] = [];
    const options = { with: [attachment], pages, onError: (error: unknown) => errors.push(error) };
    const listening = await http(options).listen(new TestServer());
    const guarded = await http({ ...options, verify }).listen(new TestServer());
    const at = (path: string, from = listening): string => new URL(path, from.describe).href;
    expect(await (await fetch(at('/other'))).text()).toBe('true true');
    expect((await fetch(at('/other', guarded))).status).toBe(401);
    expect((await fetch(at('/other'), { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    const broken = await fetch(at('/broken'));
    expect([broken.status, errors.length, (await broken.text()).includes('secret')]).toEqual([500, 1, false]);
    expect(await (await fetch(at('/health?a=1', guarded))).text()).toBe('ok ?a=1');
    expect((await fetch(at('/health'), { headers: { origin: 'http://evil.example' } })).status).toBe(403);
    const form = await fetch(at('/form'), { method: 'POST', body: 'a=1' });
    expect([form.status, await form.json()]).toEqual([201, { got: 'a=1' }]);
    expect((await fetch(at('/none'))).status).toBe(404);
    for (const [path, from, status] of [
      ['/socket', listening, 101],
      ['/socket', guarded, 401],
      ['/none', listening, 404],
    ] as const) {
      using socket = new RawSocket(from.describe);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n`);
      await socket.until('\r\n\r\n');
      expect(socket.status).toBe(status);
    }
    await Promise.all([listening.close(), guarded.close()]);
    expect(drained).toEqual(['drain', 'drain', 'close', 'close']);
  });
});

test('a client that offers another protocol beside its request is served', async () => {
  const fields = {
    connection: 'Upgrade, HTTP2-Settings',
    upgrade: 'h2c',
    'http2-settings': 'AAMAAABkAAQAAP__',
  };
  const sockets: Attachment = { attach: () => ({ upgrades: { '/socket': () => {} }, close: () => {} }) };
  for (const options of [{}, { with: [sockets] }]) {
    const listening = await http(options).listen(new TestServer());
    using socket = new RawSocket(listening.describe);
    socket.write(rawText(modernRequest('tools/call', { name: 'x' }, fields)));
    await socket.until('hi x');
    expect(socket.status).toBe(200);
    socket[Symbol.dispose]();
    await listening.close();
  }
});

test('an answer to a question of the server is taken while the port closes, and a new call is not', async () => {
  const server = new TestServer().tool('ask', async (_args, { ask }) => {
    const { action } = await ask.elicit({
      message: '?',
      requestedSchema: { type: 'object', properties: {} },
    });
    return text(action);
  });
  const listening = await http().listen(server);
  const session = await openSession(listening.describe, '2025-11-25', { capabilities: { elicitation: {} } });
  const reader = new EventReader(
    await session.send({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'ask' } }),
  );
  const question = await reader.message();
  using answering = new RawSocket(listening.describe);
  using calling = new RawSocket(listening.describe);
  const say = (message: unknown): string => rawText(legacyRequest(message, session.fields));
  const answer = say({ jsonrpc: '2.0', id: question?.['id'], result: { action: 'decline' } });
  const call = say({ jsonrpc: '2.0', id: 3, method: 'ping' });
  answering.write(answer.slice(0, 20));
  calling.write(call.slice(0, 20));
  await expect.poll(() => [answering.socket.readyState, calling.socket.readyState]).toEqual(['open', 'open']);
  // What this is the answer to came later than the beginnings above, so they have been read.
  await (await session.send({ jsonrpc: '2.0', id: 4, method: 'ping' })).text();
  const closing = listening.close();
  calling.write(call.slice(20));
  await calling.until('\r\n\r\n');
  expect(calling.status).toBe(503);
  answering.write(answer.slice(20));
  expect(await reader.message()).toMatchObject({ id: 2, result: { content: [{ text: 'decline' }] } });
  expect(answering.status).toBe(202);
  await within(closing);
});

describe('runHttp', () => {
  test('serves until it is told to stop', async () => {
    for (const stopAtOnce of [true, false]) {
      const stop = new AbortController();
      const ended = runHttp(new TestServer(), { signal: stop.signal }).then(() => 'ended');
      if (!stopAtOnce) await new Promise((resolve) => setImmediate(resolve));
      stop.abort();
      expect(await within(ended)).toBe('ended');
    }
  });

  test('ends in good order on SIGTERM: the running call is answered, and the process exits with 0', async () => {
    const port = await freePort();
    const program = fileURLToPath(new URL('./fixtures/run-http.ts', import.meta.url));
    const execArgv = ['--conditions=@trunkline/source', '--no-warnings'];
    const child = fork(program, {
      execArgv,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const said = (word: string): Promise<void> =>
      new Promise((resolve) => child.on('message', (message) => void (message === word && resolve())));
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
    await within(said('started'));
    const called = said('called');
    const url = `http://127.0.0.1:${port}/mcp`;
    const call = retried(() => fetch(url, modernRequest('tools/call', { name: 'x' })));
    await within(called);
    child.kill('SIGTERM');
    await expect
      .poll(() =>
        fetch(url).then(
          () => 'open',
          () => 'closed',
        ),
      )
      .toBe('closed');
    child.send('finish');
    expect(await (await call).json()).toMatchObject({ result: { content: [{ text: 'finished' }] } });
    expect(await within(exited)).toBe(0);
  });
});

async function freePort(): Promise<number> {
  const listening = await http().listen(new TestServer());
  await listening.close();
  return Number(new URL(listening.describe).port);
}

/** Tries again until something listens. */
async function retried(attempt: () => Promise<Response>): Promise<Response> {
  for (;;) {
    const response = await attempt().catch(() => undefined);
    if (response) return response;
  }
}
