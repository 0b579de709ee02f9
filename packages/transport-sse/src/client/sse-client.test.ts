import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { recorder, request } from '../fixtures/recorder.ts';
import { scriptedServer, testServer } from '../fixtures/server.ts';
import { rejection, within } from '../fixtures/within.ts';
import { sseClient } from './sse-client.ts';

afterEach(() => void vi.useRealTimers());

describe('the announced address', () => {
  test.each([
    ['/messages?sessionId=1', '/messages?sessionId=1'],
    ['messages?sessionId=1', '/a/messages?sessionId=1'],
    ['?sessionId=1', '/a/sse?sessionId=1'],
    ['/messages?sessionId=1#part', '/messages?sessionId=1'],
  ])('%s leads to %s', async (announced, path) => {
    await using server = await scriptedServer({ opening: `event: endpoint\ndata: ${announced}\n\n` });
    const link = sseClient(`${server.origin}/a/sse?token=secret`)();
    await link.start(recorder());
    await link.send(request(1));
    expect(server.posts.map((post) => [post.request.method, post.request.url])).toEqual([['POST', path]]);
    expect(JSON.parse(server.posts[0]?.body ?? '')).toEqual(request(1));
    expect(server.posts[0]?.request.headers['content-type']).toBe('application/json');
    await link.close();
  });

  test('may be absolute', async () => {
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method !== 'GET') return false;
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(`event: endpoint\ndata: http://${incoming.headers.host}/elsewhere\n\n`);
        return true;
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    await link.send(request(1));
    expect(server.posts[0]?.request.url).toBe('/elsewhere');
    await link.close();
  });

  test.each([
    '//evil.example/messages',
    'https://evil.example/messages',
    'http://127.0.0.1:1/messages',
    'http://user@127.0.0.1/messages',
    'file:///etc/passwd',
    'http://',
  ])('%s is refused, and nothing is posted', async (announced) => {
    await using server = await scriptedServer({ opening: `event: endpoint\ndata: ${announced}\n\n` });
    const link = sseClient(`${server.origin}/sse`)();
    expect(await rejection(link.start(recorder()))).toMatchObject({ code: 'refused', delivery: 'not-sent' });
    expect(server.posts).toEqual([]);
    await within(link.closed, 'the end of the link');
  });

  test('is taken once; a later one on another origin ends the link', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    server.streams[0]?.write('event: endpoint\ndata: /other\n\n');
    await link.send(request(1));
    expect(server.posts[0]?.request.url).toBe('/messages?sessionId=1');
    server.streams[0]?.write('event: endpoint\ndata: https://evil.example/\n\n');
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'refused' });
  });

  test('is not waited for when another is given', async () => {
    await using posts = await scriptedServer();
    await using server = await scriptedServer({ opening: ': nothing yet\n\n' });
    const link = sseClient(`${server.origin}/sse`, { postUrl: `${posts.origin}/in` })();
    await link.start(recorder());
    server.streams[0]?.write('event: endpoint\ndata: https://evil.example/\n\n');
    await link.send(request(1));
    expect(posts.posts.map((post) => post.request.url)).toEqual(['/in']);
    await link.close();
  });

  test('that is given may be relative to the stream', async () => {
    await using server = await scriptedServer({ opening: ':\n\n' });
    const link = sseClient(`${server.origin}/a/sse`, { postUrl: 'in' })();
    await link.start(recorder());
    await link.send(request(1));
    expect(server.posts[0]?.request.url).toBe('/a/in');
    await link.close();
  });

  test('that never comes is not waited for longer than 10 s', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await scriptedServer({ opening: ': later\n\n' });
    const link = sseClient(`${server.origin}/sse`)();
    const outcome = link.start(recorder()).catch((error: unknown) => error);
    while (server.streams.length === 0) await new Promise((resolve) => setImmediate(resolve));
    vi.advanceTimersByTime(10_000);
    vi.useRealTimers();
    expect(await within(outcome, 'the end of the attempt')).toMatchObject({
      code: 'connect-timeout',
      delivery: 'not-sent',
    });
    await link.close();
  });
});

describe('the stream', () => {
  test.each([
    ['CR only', 'data: {"jsonrpc":"2.0","id":1,"result":{}}\r\r:\r'],
    [
      'CRLF, comments and several data lines',
      ': hi\r\nevent: message\r\nid: 1\r\nretry: 10\r\ndata: {"jsonrpc":"2.0",\r\ndata: "id":1,"result":{}}\r\n\r\n',
    ],
    [
      'events of other types',
      'event: ping\ndata: {}\n\ndata:\n\nevent: message\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n',
    ],
  ])('of %s is read', async (_, text) => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    const heard = recorder();
    await link.start(heard);
    server.streams[0]?.write(text);
    await heard.count(1);
    expect(heard.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(heard.faults).toEqual([]);
    await link.close();
  });

  test('in single bytes is the same', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    const heard = recorder();
    await link.start(heard);
    const message = { jsonrpc: '2.0', method: 'n', params: { text: 'a😀\u2028b' } };
    server.sockets[0]?.setNoDelay(true);
    for (const byte of Buffer.from(`data: ${JSON.stringify(message)}\n\n`)) {
      server.streams[0]?.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await heard.count(1);
    expect(heard.messages).toEqual([message]);
    await link.close();
  });

  test('with an event that is no message lives on', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    const heard = recorder();
    await link.start(heard);
    server.streams[0]?.write('data: {bad\n\ndata: {"jsonrpc":"2.0","id":1,"result":{}}\n\n');
    await heard.count(1);
    expect(heard.faults.map(({ code }) => code)).toEqual(['malformed']);
    await link.close();
  });

  test('with an event beyond the limit ends the link', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`, { maxMessageBytes: 1024 })();
    await link.start(recorder());
    server.streams[0]?.write(`data: ${'x'.repeat(2048)}`);
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'too-large' });
  });

  test.each([
    ['ends', (response: ServerResponse) => void response.end('data: {"half')],
    ['breaks', (response: ServerResponse) => void response.destroy()],
  ])('that %s ends the link, with the cause', async (_, end) => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    const heard = recorder();
    await link.start(heard);
    server.streams.forEach(end);
    const { by, cause } = await within(link.closed, 'the end of the link');
    expect(by).toBe('remote');
    expect(cause).toMatchObject({ code: 'stream-ended' });
    expect(heard.messages).toEqual([]);
    expect(await rejection(link.send(request(1)))).toMatchObject({ code: 'closed', delivery: 'not-sent' });
  });

  test('that is silent for too long ends the link', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`, { idleTimeout: 50 })();
    await link.start(recorder());
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'stream-ended' });
  });

  test('of a closed link is closed too', async () => {
    await using server = await scriptedServer();
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    const [stream] = server.streams;
    const closed = new Promise((resolve) => stream?.once('close', resolve));
    await link.close();
    await within(closed, 'the end of the stream');
    expect(await link.closed).toEqual({ by: 'local' });
  });
});

describe('opening', () => {
  type Answer = (incoming: IncomingMessage, response: ServerResponse) => boolean;
  const answering =
    (status: number, headers: Record<string, string>, body = ''): Answer =>
    (_, response) => {
      response.writeHead(status, headers).end(body);
      return true;
    };

  test.each([
    [
      '401',
      answering(401, { 'content-type': 'text/plain' }, 'who are you?'),
      { code: 'refused', status: 401 },
    ],
    ['404', answering(404, {}), { code: 'refused', status: 404 }],
    ['405', answering(405, {}), { code: 'refused', status: 405 }],
    ['500', answering(500, {}), { code: 'refused', status: 500 }],
    ['JSON', answering(200, { 'content-type': 'application/json' }, '{}'), { code: 'refused', status: 200 }],
    ['nothing', answering(204, {}), { code: 'refused' }],
    [
      'a stream that ends at once',
      answering(200, { 'content-type': 'text/event-stream' }),
      { code: 'stream-ended' },
    ],
    [
      'a redirect elsewhere',
      answering(307, { location: 'http://127.0.0.1:1/sse' }),
      { code: 'redirect-blocked' },
    ],
  ])('is refused with %s', async (_, answer, expected) => {
    await using server = await scriptedServer({ answer });
    expect(await rejection(sseClient(`${server.origin}/sse`)().start(recorder()))).toMatchObject(expected);
  });

  test('follows redirects within the origin', async () => {
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.url !== '/sse') return false;
        response.writeHead(307, { location: '/moved/here' }).end();
        return true;
      },
      opening: 'event: endpoint\ndata: messages\n\n',
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    await link.send(request(1));
    expect(server.posts[0]?.request.url).toBe('/moved/messages');
    await link.close();
  });

  test('where nobody listens', async () => {
    const server = await testServer(() => {});
    await server[Symbol.asyncDispose]();
    const error = await rejection(sseClient(`${server.origin}/sse`)().start(recorder()));
    expect(error).toMatchObject({ code: 'not-sent', delivery: 'not-sent' });
  });

  test('is given up when the link is closed', async () => {
    let onRequest = (): void => {};
    const asked = new Promise<void>((resolve) => (onRequest = resolve));
    await using server = await testServer(() => onRequest());
    const link = sseClient(`${server.origin}/sse`)();
    const starting = rejection(link.start(recorder()));
    await within(asked, 'the request');
    await within(link.close(), 'close()');
    expect(await starting).toMatchObject({ code: 'closed' });
  });

  test('an address that cannot be is misuse', () => {
    for (const url of ['ws://mcp.example', 'nonsense', 'http://user:secret@mcp.example']) {
      expect(() => sseClient(url)).toThrow(/^misuse: (?!.*secret)/);
    }
    expect(() => sseClient('http://mcp.example', { postUrl: 'ftp://mcp.example' })).toThrow(/^misuse/);
    expect(() => sseClient('http://mcp.example', { headers: { 'content-type': 'text/plain' } })).toThrow(
      /^misuse/,
    );
    expect(sseClient('https://mcp.example/sse?token=x').target).toBe('https://mcp.example/sse');
  });
});

describe('a post', () => {
  test('carries the header fields of the link, as the stream does', async () => {
    await using server = await scriptedServer();
    const seen: (string | undefined)[] = [];
    let token = 0;
    const link = sseClient(`${server.origin}/sse`, {
      headers: () => ({ authorization: `Bearer ${(token += 1)}` }),
      fetch(url, init) {
        seen.push(new Headers(init.headers).get('authorization') ?? undefined);
        return fetch(url, init);
      },
    })();
    await link.start(recorder());
    await link.send(request(1));
    expect(seen).toEqual(['Bearer 1', 'Bearer 2']);
    await link.close();
  });

  test.each([200, 201, 202, 204])('is taken with %i', async (status) => {
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method === 'POST') response.writeHead(status).end();
        return incoming.method === 'POST';
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    expect(await link.send(request(1))).toBeUndefined();
    await link.close();
  });

  test.each([400, 401, 403, 413, 500, 503])(
    'that is refused with %i rejects its send, and the link lives',
    async (status) => {
      let refuse = true;
      await using server = await scriptedServer({
        answer(incoming, response) {
          if (incoming.method !== 'POST' || !refuse) return false;
          refuse = false;
          response.writeHead(status, { 'content-type': 'text/plain' }).end('no');
          return true;
        },
      });
      const link = sseClient(`${server.origin}/sse`)();
      await link.start(recorder());
      const error = await rejection(link.send(request(1)));
      expect(error).toMatchObject({ code: 'refused', status, delivery: 'answered' });
      expect(await link.send(request(2))).toBeUndefined();
      await link.close();
    },
  );

  test('of a session that the server forgot ends the link', async () => {
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method === 'POST') response.writeHead(404).end();
        return incoming.method === 'POST';
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    expect(await rejection(link.send(request(1)))).toMatchObject({ code: 'expired', delivery: 'not-sent' });
    expect((await within(link.closed, 'the end of the link')).cause).toMatchObject({ code: 'expired' });
  });

  test('goes once the last one is answered', async () => {
    const answers: (() => void)[] = [];
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method === 'POST') answers.push(() => void response.writeHead(202).end());
        return incoming.method === 'POST';
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    const first = link.send(request(1));
    const second = link.send(request(2));
    await within(server.posted(1), 'the first post');
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(answers).toHaveLength(1);
    answers[0]?.();
    await within(first, 'the first send');
    await within(server.posted(2), 'the second post');
    answers[1]?.();
    await within(second, 'the second send');
    await link.close();
  });

  test('that is not answered keeps the next one back for a second only', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answers: ((status: number) => void)[] = [];
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method === 'POST') answers.push((status) => void response.writeHead(status).end());
        return incoming.method === 'POST';
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    const first = link.send(request(1));
    const second = link.send(request(2));
    await server.posted(1);
    vi.advanceTimersByTime(1000);
    await first;
    await server.posted(2);
    answers[1]?.(202);
    await second;
    answers[0]?.(500);
    const { cause } = await link.closed;
    expect(cause).toMatchObject({ code: 'refused', status: 500 });
  });

  test('that is under way when the link is closed is waited for', async () => {
    let taken = false;
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method !== 'POST') return false;
        setImmediate(() => {
          taken = true;
          response.writeHead(202).end();
        });
        return true;
      },
    });
    const link = sseClient(`${server.origin}/sse`)();
    await link.start(recorder());
    link.send(request(1)).catch(() => {});
    await within(server.posted(1), 'the post');
    await within(link.close(), 'close()');
    expect(taken).toBe(true);
  });

  test('is not redirected to another origin', async () => {
    await using other = await scriptedServer();
    await using server = await scriptedServer({
      answer(incoming, response) {
        if (incoming.method === 'POST') response.writeHead(307, { location: `${other.origin}/in` }).end();
        return incoming.method === 'POST';
      },
    });
    const link = sseClient(`${server.origin}/sse`, { headers: { authorization: 'Bearer secret' } })();
    await link.start(recorder());
    expect(await rejection(link.send(request(1)))).toMatchObject({
      code: 'redirect-blocked',
      delivery: 'not-sent',
    });
    expect(other.posts).toEqual([]);
    await link.close();
  });
});

test('a paused link reads no further', async () => {
  let goOn = (): void => {};
  const slow = recorder(() => new Promise((resolve) => (goOn = resolve)));
  await using server = await scriptedServer();
  const link = sseClient(`${server.origin}/sse`)();
  await link.start(slow);
  const stream = server.streams[0] as ServerResponse;
  const event = `data: ${JSON.stringify({ jsonrpc: '2.0', method: 'n', params: { pad: 'x'.repeat(64 * 1024) } })}\n\n`;
  let sent = 0;
  for (; sent < 1024 && stream.writableLength < 4 * 1024 * 1024; sent += 1) {
    stream.write(event);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeLessThan(1024);
  expect(slow.messages).toHaveLength(1);
  for (let count = 1; count < sent; count += 1) {
    goOn();
    await slow.count(count + 1);
  }
  expect(slow.messages).toHaveLength(sent);
  await link.close();
});
