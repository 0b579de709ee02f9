import { request as httpRequest } from 'node:http';
import type { Acceptor, Receiver, Transport } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { listen } from '../fixtures/listener.ts';
import { echo, recorder, request } from '../fixtures/recorder.ts';
import { testServer, type TestServer } from '../fixtures/server.ts';
import { within } from '../fixtures/within.ts';
import { toNodeHandler } from '../node/to-node-handler.ts';
import type { SseServerOptions } from './options.ts';
import { sseServer, type SseServer } from './sse-server.ts';

/** A server whose links are in the hand of a test. */
interface Served extends TestServer {
  readonly url: string;
  readonly sse: SseServer;
  readonly links: readonly Transport[];
}

async function serve(options: SseServerOptions = {}, receiver: Receiver = echo()): Promise<Served> {
  const links: Transport[] = [];
  const acceptor: Acceptor = {
    exchange: () => {},
    async link(transport) {
      links.push(transport);
      await transport.start(receiver);
    },
  };
  const sse = sseServer(acceptor, options);
  const server = await testServer(toNodeHandler(sse));
  return {
    ...server,
    url: `${server.origin}/sse`,
    sse,
    links,
    async [Symbol.asyncDispose]() {
      await sse.close({ grace: 0 });
      await server[Symbol.asyncDispose]();
    },
  };
}

const CALL = JSON.stringify(request(1, { text: 'hi' }));
const ANSWER = `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result: { text: 'hi' } })}`;

/** So many turns of the event loop, in which whatever could happen would. */
async function turns(count: number): Promise<false> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return false;
}

/** A request that says more about itself than `fetch` can. */
function raw(
  url: string,
  options: { method?: string; path?: string; headers?: Record<string, string> },
): Promise<number> {
  return new Promise((resolve, reject) => {
    const { path, ...rest } = options;
    const outgoing = httpRequest(url, { ...rest, ...(path === undefined ? {} : { path }) }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    outgoing.on('error', reject).end();
  });
}

describe('the stream', () => {
  test('says first where to post, with an id that nobody guesses', async () => {
    await using server = await serve();
    await using one = await listen(server.url);
    await using two = await listen(server.url);
    expect(one.response.status).toBe(200);
    expect(one.response.headers.get('content-type')).toBe('text/event-stream');
    expect(one.response.headers.get('cache-control')).toContain('no-transform');
    expect(one.response.headers.get('access-control-allow-origin')).toBeNull();
    expect(new URL(one.endpoint).pathname).toBe('/messages');
    expect(new URL(one.endpoint).searchParams.get('sessionId')).toMatch(/^[0-9a-f]{64}$/);
    expect(one.endpoint).not.toBe(two.endpoint);
  });

  test('below a prefix announces an address below it', async () => {
    await using server = await serve();
    await using stream = await listen(`${server.origin}/api/v1/sse?x=1`);
    expect(new URL(stream.endpoint).pathname).toBe('/api/v1/messages');
    expect((await stream.post(CALL)).status).toBe(202);
    expect(await stream.next()).toBe(ANSWER);
  });

  test('carries the answers to what is posted, and to nobody else', async () => {
    await using server = await serve();
    await using one = await listen(server.url);
    await using two = await listen(server.url);
    const posted = await one.post(CALL);
    expect(posted.status).toBe(202);
    expect(await posted.text()).toBe('Accepted');
    expect(await one.next()).toBe(ANSWER);
    await two.post(JSON.stringify(request(2)));
    expect(await two.next()).toContain('"id":2');
  });

  test('is kept alive by comments', async () => {
    await using server = await serve({ limits: { keepAlive: 20 } });
    await using stream = await listen(server.url);
    expect(await stream.next()).toBe(':');
  });

  test('that the client leaves ends the link, and the session with it', async () => {
    await using server = await serve();
    const stream = await listen(server.url);
    await stream[Symbol.asyncDispose]();
    const [link] = server.links;
    expect(await within(link?.closed ?? Promise.reject(), 'the end of the link')).toEqual({ by: 'remote' });
    expect((await stream.post(CALL)).status).toBe(404);
  });

  test('ends when the link is closed', async () => {
    await using server = await serve();
    await using stream = await listen(server.url);
    await server.links[0]?.close();
    await expect(stream.next()).rejects.toThrow('the stream ended');
    expect((await stream.post(CALL)).status).toBe(404);
  });

  test('of a link that is not accepted is an error, and says why only at home', async () => {
    const errors: unknown[] = [];
    const no = new Error('the database is down');
    const sse = sseServer(
      { exchange: () => {}, link: () => Promise.reject(no) },
      { onError: (error) => void errors.push(error) },
    );
    await using server = await testServer(toNodeHandler(sse));
    const response = await fetch(`${server.origin}/sse`);
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('database');
    expect(errors).toEqual([no]);
  });

  test('beyond the limits is refused', async () => {
    const verify: SseServerOptions['verify'] = (head) => {
      const client = head.header('x-client');
      return client === undefined ? undefined : { clientId: client, scopes: [] };
    };
    await using server = await serve({ verify, maxSessions: 2, maxSessionsPerPrincipal: 1 });
    await using one = await listen(server.url, { 'x-client': 'a' });
    const second = await fetch(server.url, { headers: { 'x-client': 'a' } });
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
    await using two = await listen(server.url, { 'x-client': 'b' });
    expect((await fetch(server.url)).status).toBe(503);
    await two[Symbol.asyncDispose]();
    await within(server.links[1]?.closed ?? Promise.reject(), 'the end of a link');
    await using three = await listen(server.url);
    expect(one.endpoint).not.toBe(three.endpoint);
  });

  test('with a reader that takes nothing makes the sender wait', async () => {
    await using server = await serve();
    const response = await fetch(server.url);
    const link = server.links[0] as Transport;
    const pad = 'x'.repeat(64 * 1024);
    let waiting: Promise<void> | undefined;
    for (let sent = 0; sent < 1024 && !waiting; sent += 1) {
      const sending = link.send({ jsonrpc: '2.0', method: 'n', params: { pad } });
      const settled = sending.then(() => true);
      if (!(await Promise.race([settled, turns(50)]))) waiting = sending;
    }
    expect(waiting).toBeDefined();
    waiting?.catch(() => {});
    await response.body?.cancel();
    await within(link.closed, 'the end of the link');
  });
});

describe('a post', () => {
  test.each([
    ['no session', '/messages', 400],
    ['an unknown session', '/messages?sessionId=1', 404],
    ['an odd session', '/messages?sessionId=../../x', 404],
    ['an empty session', '/messages?sessionId=', 404],
  ])('to %s', async (_, path, status) => {
    const heard = echo();
    await using server = await serve({}, heard);
    await using _stream = await listen(server.url);
    const response = await fetch(`${server.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: CALL,
    });
    expect(response.status).toBe(status);
    expect(heard.messages).toEqual([]);
  });

  test('that names two sessions', async () => {
    await using server = await serve();
    await using stream = await listen(server.url);
    const response = await fetch(`${stream.endpoint}&sessionId=other`, { method: 'POST', body: CALL });
    expect(response.status).toBe(400);
  });

  test('of somebody else is as if there were no such session', async () => {
    const heard = echo();
    const verify: SseServerOptions['verify'] = (head) => {
      const subject = head.header('x-subject');
      return subject === undefined ? undefined : { clientId: 'app', subject, scopes: [] };
    };
    await using server = await serve({ verify }, heard);
    await using stream = await listen(server.url, { 'x-subject': 'ada' });
    const foreign = (headers: Record<string, string>): Promise<Response> =>
      fetch(stream.endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: CALL,
      });
    const unknown = await fetch(`${server.origin}/messages?sessionId=1`, { method: 'POST', body: CALL });
    for (const headers of [{ 'x-subject': 'eve' }, {}]) {
      const response = await foreign(headers);
      expect(response.status).toBe(404);
      expect(await response.text()).toBe(await unknown.clone().text());
    }
    expect(heard.messages).toEqual([]);
    expect((await stream.post(CALL)).status).toBe(202);
  });

  test('shows who sent it, each with its own request', async () => {
    const heard = recorder();
    const verify: SseServerOptions['verify'] = (head) => ({
      clientId: 'app',
      scopes: [head.header('x-scope') ?? 'none'],
    });
    await using server = await serve({ verify }, heard);
    await using stream = await listen(server.url);
    await stream.post(CALL, { 'x-scope': 'read' });
    await stream.post(CALL, { 'x-scope': 'write' });
    await heard.count(2);
    expect(heard.exchanges.map(({ origin }) => origin.auth?.scopes)).toEqual([['read'], ['write']]);
    const [first, second] = heard.exchanges;
    expect(first?.scope).toBe(second?.scope);
    expect(first?.origin.http?.header('x-scope')).toBe('read');
    expect(first?.origin.http?.sessionId).toBe(new URL(stream.endpoint).searchParams.get('sessionId'));
    expect(first?.signal.aborted).toBe(false);
    await stream[Symbol.asyncDispose]();
    await within(server.links[0]?.closed ?? Promise.reject(), 'the end of the link');
    expect(first?.signal.aborted).toBe(true);
  });

  test.each([
    ['{nope', { code: -32700 }],
    [`${CALL}${CALL}`, { code: -32700 }],
    ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', { code: -32600 }],
    ['{"jsonrpc":"2.0","id":7,"method":5}', { code: -32600 }],
    ['['.repeat(100), { code: -32600 }],
  ])('of %s is answered with an error at once, and not on the stream', async (body, error) => {
    await using server = await serve();
    await using stream = await listen(server.url);
    const response = await stream.post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ jsonrpc: '2.0', error });
    await stream.post(CALL);
    expect(await stream.next()).toBe(ANSWER);
  });

  test('of a defective answer fails whoever waits for it', async () => {
    const heard = echo();
    await using server = await serve({}, heard);
    await using stream = await listen(server.url);
    const response = await stream.post(
      '{"jsonrpc":"2.0","id":5,"result":{},"error":{"code":1,"message":"x"}}',
    );
    expect(response.status).toBe(400);
    expect(heard.faults.map(({ inReplyTo }) => inReplyTo)).toEqual([5]);
  });

  test.each([
    [{ 'content-type': 'text/plain' }, 415],
    [{ 'content-type': 'text/plain; application/json' }, 415],
    [{ 'content-encoding': 'gzip' }, 415],
    [{ 'content-type': 'application/json; charset=utf-16' }, 202],
  ])('with %j: %i', async (headers, status) => {
    await using server = await serve();
    await using stream = await listen(server.url);
    expect((await stream.post(CALL, headers)).status).toBe(status);
  });

  test('beyond the limit is refused, by its declared length and by its bytes', async () => {
    await using server = await serve({ limits: { maxBodyBytes: 1024 } });
    await using stream = await listen(server.url);
    expect((await stream.post(JSON.stringify(request(1, { pad: 'x'.repeat(2048) })))).status).toBe(413);
    const chunked = await fetch(stream.endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob(['{', ' '.repeat(2048), '}']).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(413);
    expect((await stream.post(CALL)).status).toBe(202);
  });

  test('waits while the receiver does not take more', async () => {
    let goOn = (): void => {};
    const slow = recorder(() => new Promise((resolve) => (goOn = resolve)));
    await using server = await serve({}, slow);
    await using stream = await listen(server.url);
    expect((await stream.post(CALL)).status).toBe(202);
    let answered = false;
    const second = stream.post(CALL).then((response) => {
      answered = true;
      return response.status;
    });
    await turns(100);
    expect([answered, slow.messages.length]).toEqual([false, 1]);
    goOn();
    expect(await within(second, 'the second post')).toBe(202);
    expect(slow.messages).toHaveLength(2);
    goOn();
  });

  test('that waits when the session ends is refused', async () => {
    const stuck = recorder(() => new Promise(() => {}));
    await using server = await serve({}, stuck);
    await using stream = await listen(server.url);
    await stream.post(CALL);
    const second = stream.post(CALL);
    await turns(100);
    await server.links[0]?.close();
    expect((await within(second, 'the second post')).status).toBe(404);
  });
});

describe('what is not served', () => {
  test.each([
    ['POST', '/sse', 405],
    ['DELETE', '/sse', 405],
    ['GET', '/messages?sessionId=1', 405],
    ['PUT', '/messages?sessionId=1', 405],
    ['GET', '/', 404],
    ['GET', '/sse/', 404],
    ['GET', '/SSE', 404],
    ['GET', '/ssse', 404],
    ['GET', '/sse%2f', 404],
  ])('%s %s: %i', async (method, path, status) => {
    await using server = await serve();
    expect(await raw(server.origin, { method, path })).toBe(status);
  });

  test.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'localhost.evil.example' }, 403],
    [{ origin: 'https://evil.example' }, 403],
    [{ origin: 'null' }, 403],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
    [{ origin: 'http://localhost:1234' }, 200],
  ])('requests with %j: %i', async (headers, status) => {
    await using server = await serve();
    expect(await raw(server.url, { headers })).toBe(status);
    await using stream = await listen(server.url);
    expect(await raw(stream.endpoint, { method: 'POST', headers })).toBe(status === 200 ? 415 : status);
  });

  test('anybody whom the verifier challenges', async () => {
    await using server = await serve({
      verify: () => ({ status: 401, headers: { 'www-authenticate': 'Bearer' } }),
    });
    const response = await fetch(`${server.url}?access_token=x`);
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
  });
});

describe('the end', () => {
  test('in good order: running requests are answered, then the streams end', async () => {
    let answer = (): void => {};
    const waiting = recorder((_, exchange) => {
      answer = () => void exchange.send({ jsonrpc: '2.0', id: 1, result: {} });
    });
    await using server = await serve({}, waiting);
    await using busy = await listen(server.url);
    await using idle = await listen(server.url);
    await busy.post(CALL);
    const closing = server.sse.close();
    await expect(idle.next()).rejects.toThrow('the stream ended');
    expect((await fetch(server.url)).status).toBe(503);
    answer();
    expect(await busy.next()).toContain('"id":1');
    await expect(busy.next()).rejects.toThrow('the stream ended');
    await within(closing, 'the end of the server');
  });

  test('after the grace: what still runs is cut off', async () => {
    await using server = await serve({}, recorder());
    await using stream = await listen(server.url);
    await stream.post(CALL);
    await within(server.sse.close({ grace: 1 }), 'the end of the server');
    await expect(stream.next()).rejects.toThrow('the stream ended');
  });
});

test('the fetch face does the same', async () => {
  const sse = sseServer({ exchange: () => {}, link: (transport) => transport.start(echo()) });
  const stream = await sse.fetch(new Request('http://localhost/sse'));
  const reader = (stream.body as ReadableStream<Uint8Array>).getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  const path = /data: (.*)\n/.exec(await read())?.[1] ?? '';
  const posted = await sse.fetch(
    new Request(`http://localhost${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: CALL,
    }),
  );
  expect(posted.status).toBe(202);
  expect(await read()).toBe(`${ANSWER}\n\n`);
  expect((await sse.fetch(new Request('http://evil.example/sse'))).status).toBe(403);
  await sse.close();
  expect((await reader.read()).done).toBe(true);
});
