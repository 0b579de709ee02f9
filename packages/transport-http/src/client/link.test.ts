import { describe, expect, test } from 'vitest';
import { LEGACY, linked, lossOf, MODERN } from '../fixtures/linked.ts';
import { event, resultOf, scripted, type Hit } from '../fixtures/scripted-server.ts';
import { rejection, within } from '../fixtures/within.ts';
import { httpClient } from './http-client.ts';

/** Opens a session and ends it, offers no stream of its own, and leaves the rest to the test. */
function session(script: (hit: Hit) => void = (hit) => hit.reply(202), id = 's-1'): (hit: Hit) => void {
  return (hit) => {
    if (hit.method !== 'POST') hit.reply(hit.method === 'GET' ? 405 : 200);
    else if (hit.json['method'] === 'initialize') hit.result({}, { 'mcp-session-id': id });
    else if (hit.json['method'] === 'notifications/initialized') hit.reply(202);
    else script(hit);
  };
}

async function open(client: Awaited<ReturnType<typeof linked>>): Promise<void> {
  await client.ask('initialize');
  await client.notify('notifications/initialized', { revision: LEGACY });
}

describe('an aborted request', () => {
  test('closes its connection and tells nobody', async () => {
    let left = (): void => {};
    const gone = new Promise<void>((resolve) => (left = resolve));
    await using server = await scripted(
      (hit) => void hit.stream(event({ jsonrpc: '2.0', method: 'begun' })).on('close', left),
    );
    await using client = await linked(server.url);
    const stop = new AbortController();
    await client.send('m', { revision: MODERN, signal: stop.signal });
    await client.until('the beginning', () => client.messages.length === 1);
    stop.abort();
    await within(gone, 'the end of the connection');
    expect(client.orphans).toEqual([]);
  });

  test('is let go also by a fetch that does not listen', async () => {
    let cancelled = (): void => {};
    const gone = new Promise<void>((resolve) => (cancelled = resolve));
    let answer: (response: Response) => void = () => {};
    const fetch = (): Promise<Response> => new Promise((resolve) => (answer = resolve));
    await using client = await linked('http://127.0.0.1/mcp', { fetch });
    const stop = new AbortController();
    await client.send('m', { revision: MODERN, signal: stop.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    answer(new Response(new ReadableStream({ cancel: cancelled })));
    await expect(within(gone, 'the late answer to be let go')).resolves.toBeUndefined();
  });

  test('is let go in the middle of a body that does not listen', async () => {
    let cancelled = (): void => {};
    const gone = new Promise<void>((resolve) => (cancelled = resolve));
    const fetch = async (): Promise<Response> =>
      new Response(new ReadableStream({ cancel: cancelled }), {
        headers: { 'content-type': 'text/event-stream' },
      });
    await using client = await linked('http://127.0.0.1/mcp', { fetch });
    const stop = new AbortController();
    await client.send('m', { revision: MODERN, signal: stop.signal });
    await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    await expect(within(gone, 'the body to be let go')).resolves.toBeUndefined();
  });
});

describe('closing', () => {
  test('ends every lane and settles every send, orphaning none: the end of the link says it', async () => {
    await using server = await scripted(() => {});
    const client = await linked(server.url);
    await client.send('m', { revision: MODERN });
    const notifying = client.notify('n');
    await server.hit(1);
    const cause = new Error('done');
    await within(client.link.close(cause), 'close()');
    expect(await rejection(notifying)).toMatchObject({ code: 'closed', cause });
    expect(await client.link.closed).toEqual({ by: 'local', cause });
    expect(client.orphans).toEqual([]);
    await expect(client.notify('n')).rejects.toMatchObject({ code: 'closed', delivery: 'not-sent' });
  });

  test('makes a legacy server forget the session', async () => {
    await using server = await scripted(session());
    const client = await linked(server.url);
    await open(client);
    await Promise.all([client.link.close(), client.link.close()]);
    const parting = server.hits.filter(({ method }) => method === 'DELETE');
    expect(parting).toHaveLength(1);
    expect(parting[0]?.headers).toMatchObject({ 'mcp-session-id': 's-1', 'mcp-protocol-version': LEGACY });
  });

  test(
    'does not wait for longer than two seconds for a server that says nothing to that',
    { timeout: 4_000 },
    async () => {
      await using server = await scripted((hit) => void (hit.method === 'DELETE' || session()(hit)));
      const client = await linked(server.url);
      await open(client);
      const began = performance.now();
      await client.link.close();
      expect(performance.now() - began).toBeLessThan(3_000);
      expect(server.hits.at(-1)?.method).toBe('DELETE');
    },
  );

  test.each(['405', 'terminateOnClose: false'])('is content with %s', async (how) => {
    await using server = await scripted((hit) => (hit.method === 'DELETE' ? hit.reply(405) : session()(hit)));
    const client = await linked(server.url, { terminateOnClose: how === '405' });
    await open(client);
    await expect(client.link.close()).resolves.toBeUndefined();
    expect(server.hits.some(({ method }) => method === 'DELETE')).toBe(how === '405');
  });

  test('a link that was never started sends nothing', async () => {
    const link = httpClient('http://127.0.0.1:1/mcp')();
    await link.close();
    expect(await link.closed).toEqual({ by: 'local' });
    await expect(link.start({ message() {} })).rejects.toMatchObject({ code: 'closed' });
  });
});

describe('a session', () => {
  test.each([
    ['of 10 kB', 'x'.repeat(10_240)],
    ['with a blank', 'a b'],
    ['that is not ASCII', 'a\u00e4'],
  ])('is not opened with an id %s (F027)', async (_, id) => {
    await using server = await scripted(session(undefined, id));
    await using client = await linked(server.url);
    expect(lossOf(await client.ask('initialize'))).toMatchObject({ code: 'malformed' });
    await client.notify('n');
    expect(server.hits[1]?.headers['mcp-session-id']).toBeUndefined();
  });

  test('keeps its id whatever later answers say (F027)', async () => {
    await using server = await scripted(
      session((hit) =>
        hit.method === 'GET' ? hit.reply(405) : hit.result({}, { 'mcp-session-id': 'other' }),
      ),
    );
    await using client = await linked(server.url);
    await open(client);
    await client.ask('m', { revision: LEGACY });
    await client.ask('m', { revision: LEGACY });
    expect(server.hits.at(-1)?.headers['mcp-session-id']).toBe('s-1');
    expect(client.faults).toMatchObject([{ code: 'malformed' }, { code: 'malformed' }]);
  });

  test('that the server forgot orphans the request unsent, and ends the link', async () => {
    await using server = await scripted(session((hit) => hit.reply(404)));
    await using client = await linked(server.url);
    await open(client);
    expect(lossOf(await client.ask('m', { revision: LEGACY }))).toMatchObject({
      code: 'expired',
      delivery: 'not-sent',
      status: 404,
    });
    expect(await within(client.link.closed, '`closed`')).toMatchObject({
      by: 'remote',
      cause: { code: 'expired' },
    });
    await client.link.close();
    expect(server.hits.some(({ method }) => method === 'DELETE')).toBe(false);
  });

  test.each([
    ['Bad Request: No valid session ID provided', 'expired'],
    ['Bad Request: Server not initialized', 'expired'],
    ['Bad Request: Unsupported protocol version', undefined],
  ])('of which the server says with 400 "%s" is %s', async (message, code) => {
    const error = { code: -32000, message };
    await using server = await scripted(session((hit) => hit.answer({ jsonrpc: '2.0', error }, 400)));
    await using client = await linked(server.url);
    await open(client);
    const outcome = await client.ask('m', { revision: LEGACY });
    expect('orphan' in outcome ? outcome.orphan.code : undefined).toBe(code);
  });

  test('that the server forgot ends the link at a notification too', async () => {
    await using server = await scripted(session((hit) => hit.reply(404)));
    await using client = await linked(server.url);
    await open(client);
    await expect(client.notify('n', { revision: LEGACY })).rejects.toMatchObject({ code: 'expired' });
    await within(client.link.closed, '`closed`');
  });

  test('is not concerned with the answers of the modern era', async () => {
    await using server = await scripted((hit) =>
      hit.answer({ jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'no' } }, 404, {
        'mcp-session-id': 's',
      }),
    );
    await using client = await linked(server.url);
    expect(await client.ask('m', { revision: MODERN })).toHaveProperty('answer.error.code', -32601);
    await client.ask('m', { revision: MODERN });
    expect(server.hits[1]?.headers['mcp-session-id']).toBeUndefined();
    expect(client.faults).toEqual([]);
  });
});

describe('a request of the server', () => {
  const question = { jsonrpc: '2.0', id: 'q', method: 'roots/list' } as const;

  test('of the legacy era is answered in a POST of its own', async () => {
    await using server = await scripted(
      session((hit) => {
        if ('method' in hit.json) hit.stream(event(question));
        else hit.reply(202);
      }),
    );
    await using client = await linked(server.url);
    await open(client);
    await client.send('m', { revision: LEGACY });
    await client.until('the question', () => client.messages.length === 2);
    expect(client.exchanges[1]?.inReplyTo).toBe(2);
    await client.exchanges[1]?.send({ jsonrpc: '2.0', id: 'q', result: { roots: [] } });
    expect(server.hits.at(-1)?.json).toEqual({ jsonrpc: '2.0', id: 'q', result: { roots: [] } });
    expect(server.hits.at(-1)?.headers).toMatchObject({
      'mcp-session-id': 's-1',
      'mcp-protocol-version': LEGACY,
    });
  });

  test('of the modern era cannot be answered', async () => {
    await using server = await scripted((hit) => void hit.stream(event(question) + event(resultOf(1))).end());
    await using client = await linked(server.url);
    await client.ask('m', { revision: MODERN });
    await expect(client.exchanges[0]?.send({ jsonrpc: '2.0', id: 'q', result: {} })).rejects.toMatchObject({
      code: 'misuse',
    });
  });
});
