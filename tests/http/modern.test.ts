import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import {
  EventReader,
  FACES,
  modernMeta,
  modernRequest,
  open,
  POST_FIELDS,
  rawRequest,
  signalled,
  within,
} from './harness.ts';
import { TestServer, text } from './test-server.ts';

interface Answer {
  readonly id?: unknown;
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
  readonly result?: JsonObject;
}

async function answerOf(response: Response): Promise<Answer> {
  return (await response.json()) as Answer;
}

describe.each(FACES)('the modern era through the %s face', (face) => {
  test('a call is answered in JSON when the handler says nothing before its result', async () => {
    await using opened = await open(face, new TestServer());
    const response = await fetch(opened.url, modernRequest('tools/call', { name: 'add' }));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await answerOf(response)).toMatchObject({ id: 1, result: { content: [{ text: 'hi add' }] } });
  });

  test('a handler that speaks first gets a stream, in order, ended by the result', async () => {
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1, 2);
      await context.log('info', 'half way');
      return text('done');
    });
    await using opened = await open(face, server);
    const _meta = { progressToken: 7, 'io.modelcontextprotocol/logLevel': 'info' };
    const response = await fetch(opened.url, modernRequest('tools/call', { name: 'talk', _meta }));
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    const events = await new EventReader(response).rest();
    expect(events.map(({ data }) => (JSON.parse(data) as JsonObject)['method'] ?? 'result')).toEqual([
      'notifications/progress',
      'notifications/message',
      'result',
    ]);
    expect(events.every(({ id }) => id === undefined)).toBe(true);
  });

  test('a call that takes long becomes a stream, which comments keep alive', async () => {
    const { promise: release, fire } = signalled();
    const server = new TestServer().tool('slow', async () => {
      await release;
      return text('done');
    });
    await using opened = await open(face, server, { streamAfter: 5, limits: { keepAlive: 5 } });
    const reader = new EventReader(await fetch(opened.url, modernRequest('tools/call', { name: 'slow' })));
    expect(reader.response.headers.get('content-type')).toBe('text/event-stream');
    await reader.until(':\n\n:\n\n');
    fire();
    expect(await reader.message()).toMatchObject({ id: 1, result: {} });
    expect(await reader.next()).toBeUndefined();
  });

  test('errors of a handler go with 200, in a stream as in JSON', async () => {
    const server = new TestServer().tool('fail', async (_args, context) => {
      await context.progress(1);
      throw new Error('secret');
    });
    await using opened = await open(face, server);
    const missing = await fetch(opened.url, modernRequest('resources/read', { uri: 'file:///x' }));
    expect([missing.status, (await answerOf(missing)).error?.code]).toEqual([200, -32602]);
    const response = await fetch(
      opened.url,
      modernRequest('tools/call', { name: 'fail', _meta: { progressToken: 1 } }),
    );
    const [, last] = await new EventReader(response).rest();
    expect(last?.data).toContain('-32603');
    expect(last?.data).not.toContain('secret');
  });

  test.each<[string, JsonObject | undefined, number, number]>([
    ['an unknown method', undefined, 404, -32601],
    [
      'an envelope without capabilities',
      { 'io.modelcontextprotocol/clientCapabilities': undefined },
      400,
      -32602,
    ],
    ['an envelope of the wrong types', { 'io.modelcontextprotocol/protocolVersion': 7 }, 400, -32602],
    ['a revision nobody speaks', { 'io.modelcontextprotocol/protocolVersion': '1900-01-01' }, 400, -32022],
  ])('%s has a status of its own', async (_name, meta, status, code) => {
    await using opened = await open(face, new TestServer());
    const method = meta ? 'tools/list' : 'no/such';
    const stated = meta?.['io.modelcontextprotocol/protocolVersion'];
    const fields = typeof stated === 'string' ? { 'mcp-protocol-version': stated } : {};
    const response = await fetch(opened.url, modernRequest(method, meta && { _meta: meta }, fields));
    const { id, error } = await answerOf(response);
    expect([response.status, error?.code, id]).toEqual([status, code, 1]);
  });

  test('a capability that the client did not declare is missed with 400, while the status is open', async () => {
    const server = new TestServer().tool('ask', async (_args, { ask }) => {
      await ask.roots();
      return text('unreachable');
    });
    await using opened = await open(face, server);
    const response = await fetch(opened.url, modernRequest('tools/call', { name: 'ask' }));
    expect([response.status, (await answerOf(response)).error?.code]).toEqual([400, -32021]);
  });

  test('a request whose header is modern and whose body is not is refused, never served as legacy', async () => {
    await using opened = await open(face, new TestServer());
    const init = modernRequest('tools/list');
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' });
    const response = await fetch(opened.url, { ...init, body });
    expect([response.status, (await answerOf(response)).error?.code]).toEqual([400, -32602]);
  });

  test.each<[string, string]>([
    [
      'a batch',
      JSON.stringify([{ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { _meta: modernMeta() } }]),
    ],
    ['a response', JSON.stringify({ jsonrpc: '2.0', id: 1, result: {} })],
    ['no JSON-RPC', '{"hello":1}'],
    ['no JSON', '{"jsonrpc":'],
    ['nothing', ''],
  ])('%s is refused with 400', async (_name, body) => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const response = await fetch(opened.url, { ...modernRequest('tools/list'), body });
    expect(response.status).toBe(400);
    expect((await answerOf(response)).error).toBeDefined();
    expect(server.seen).toEqual([]);
  });

  test('a notification is accepted without an answer', async () => {
    const heard: unknown[] = [];
    const server = new TestServer().onNotification('notifications/custom', (params) => heard.push(params));
    await using opened = await open(face, server);
    const body = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/custom', params: { a: 1 } });
    const init = { method: 'POST', headers: { ...POST_FIELDS, 'mcp-protocol-version': '2026-07-28' }, body };
    const response = await fetch(opened.url, init);
    expect([response.status, await response.text()]).toEqual([202, '']);
    expect(heard).toEqual([{ a: 1 }]);
    const wrong = { ...init, headers: { ...init.headers, 'mcp-method': 'notifications/other' } };
    expect((await fetch(opened.url, wrong)).status).toBe(400);
  });

  test('a client that leaves aborts its handler, and nothing is written after that', async () => {
    const started = signalled();
    const stopped = signalled<unknown>();
    const server = new TestServer().tool('hang', async (_args, context) => {
      context.signal.addEventListener('abort', () => stopped.fire(context.signal.reason));
      started.fire();
      await stopped.promise;
      await context.progress(1);
      return text('nobody reads this');
    });
    await using opened = await open(face, server);
    for (const _meta of [{}, { progressToken: 1 }]) {
      const leave = new AbortController();
      const call = fetch(opened.url, {
        ...modernRequest('tools/call', { name: 'hang', _meta }),
        signal: leave.signal,
      });
      await within(started.promise);
      leave.abort();
      await expect(call).rejects.toThrow('aborted');
      await within(stopped.promise, 'the abort of the handler');
    }
    expect(server.errors).toEqual([]);
  });

  test('a client that leaves a stream aborts its handler', async () => {
    const stopped = signalled();
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1);
      await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
      stopped.fire();
      return text('nobody reads this');
    });
    await using opened = await open(face, server);
    const response = await fetch(
      opened.url,
      modernRequest('tools/call', { name: 'talk', _meta: { progressToken: 1 } }),
    );
    const reader = new EventReader(response);
    await reader.next();
    await reader.cancel();
    await within(stopped.promise, 'the abort of the handler');
    expect(server.errors).toEqual([]);
  });

  test('a subscription is a stream: acknowledged first, then changes, then its result when the server closes', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const notifications = { toolsListChanged: true, resourceSubscriptions: ['file:///a'] };
    const response = await fetch(
      opened.url,
      modernRequest('subscriptions/listen', { notifications }, {}, 40),
    );
    const reader = new EventReader(response);
    const mark = { _meta: { 'io.modelcontextprotocol/subscriptionId': 40 } };
    expect(await reader.message()).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
      params: { notifications, ...mark },
    });
    server.changed({ kind: 'tools' });
    expect(await reader.message()).toMatchObject({
      method: 'notifications/tools/list_changed',
      params: mark,
    });
    await server.close({ grace: 1_000 });
    expect(await reader.message()).toMatchObject({ id: 40, result: mark });
    expect(await reader.next()).toBeUndefined();
  });

  test('headers of sessions mean nothing and are not echoed', async () => {
    await using opened = await open(face, new TestServer());
    const fields = { 'mcp-session-id': 'none', 'last-event-id': '7' };
    const response = await fetch(opened.url, modernRequest('tools/list', {}, fields));
    expect(response.status).toBe(200);
    expect(response.headers.get('mcp-session-id')).toBeNull();
  });

  test('a handler sees the request it came in, and who sent it', async () => {
    const server = new TestServer();
    await using opened = await open(face, server, { verify: () => ({ clientId: 'me', scopes: [] }) });
    await fetch(`${opened.url}?a=1`, modernRequest('tools/call', { name: 'x' }, { 'x-trace': 'abc' }));
    const origin = server.seen[0]?.origin;
    expect(origin?.auth?.clientId).toBe('me');
    expect([origin?.http?.method, origin?.http?.url, origin?.http?.header('x-trace')]).toEqual([
      'POST',
      '/mcp?a=1',
      'abc',
    ]);
    expect(origin?.http?.sessionId).toBeUndefined();
  });

  test('a server that is busy says so with 429', async () => {
    const hold = signalled();
    const server = new TestServer({ limits: { maxExchanges: 1 } }).tool('hold', async () => {
      await hold.promise;
      return text('done');
    });
    await using opened = await open(face, server);
    const first = fetch(opened.url, modernRequest('tools/call', { name: 'hold' }));
    await within(expect.poll(() => server.seen.length).toBe(1));
    const second = await fetch(opened.url, modernRequest('tools/call', { name: 'x' }));
    expect([second.status, second.headers.get('retry-after')]).toEqual([429, '1']);
    hold.fire();
    expect((await first).status).toBe(200);
  });

  test('a server of this era only refuses what belongs to the other', async () => {
    await using opened = await open(face, new TestServer({ eras: ['modern'] }), { eras: ['modern'] });
    const initialize = {
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25' },
    };
    const response = await fetch(opened.url, {
      method: 'POST',
      headers: POST_FIELDS,
      body: JSON.stringify(initialize),
    });
    const { error } = await answerOf(response);
    expect([response.status, error?.code]).toEqual([400, -32022]);
    expect(error?.data).toEqual({ supported: ['2026-07-28'], requested: '2025-11-25' });
    for (const method of ['GET', 'DELETE', 'PUT']) {
      const refused = await fetch(opened.url, { method });
      expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST']);
    }
  });
});

describe.each(FACES)('the header of a modern request, through the %s face', (face) => {
  const WORLD = '=?base64?SGVsbG8sIOS4lueVjA==?=';

  test.each<[string, Record<string, string | undefined>]>([
    ['without a version', { 'mcp-protocol-version': undefined }],
    ['with another version', { 'mcp-protocol-version': '2025-11-25' }],
    ['without a method', { 'mcp-method': undefined }],
    ['with another method', { 'mcp-method': 'tools/list' }],
    ['with the method in other case', { 'mcp-method': 'Tools/call' }],
    ['without a name', { 'mcp-name': undefined }],
    ['with another name', { 'mcp-name': 'other' }],
    ['with a name in broken Base64', { 'mcp-name': '=?base64?!!!?=' }],
    ['with a name in Base64 without padding', { 'mcp-name': '=?base64?bWlycm9yZWQ?=' }],
    ['with a name whose mark is in upper case', { 'mcp-name': '=?BASE64?bWlycm9yZWQ=?=' }],
    ['with a name in Base64 that is not UTF-8', { 'mcp-name': '=?base64?/w==?=' }],
    ['with a name in Base64 with loose bits', { 'mcp-name': '=?base64?bWlycm9yZWR=?=' }],
    ['without a value that the body has', { 'mcp-param-region': undefined }],
    ['with a value that the body has not', { 'mcp-param-region': 'eu' }],
    ['with a value in the wrong case', { 'mcp-param-region': 'US-west1' }],
    ['with another number', { 'mcp-param-count': '43' }],
    ['with a number in other words', { 'mcp-param-count': '0x2a' }],
    ['with characters that must be encoded', { 'mcp-param-region': 'us-west1\u00e9' }],
    ['with a value for what the body leaves out', { 'mcp-param-urgent': 'true' }],
  ])('is refused %s', async (_name, fields) => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const good = { 'mcp-param-region': 'us-west1', 'mcp-param-count': '42' };
    const args = { region: 'us-west1', count: 42 };
    const init = modernRequest('tools/call', { name: 'mirrored', arguments: args }, { ...good, ...fields });
    const response = await rawRequest(opened.url, init as Parameters<typeof rawRequest>[1]);
    const { id, error } = JSON.parse(response.body) as Answer;
    expect([response.status, error?.code, id]).toEqual([400, -32020, 1]);
    expect(server.seen).toEqual([]);
  });

  test.each<[string, JsonObject, Record<string, string>]>([
    ['values as they are', { region: 'us-west1' }, { 'mcp-param-region': 'us-west1' }],
    ['a value in Base64', { region: 'Hello, 世界' }, { 'mcp-param-region': WORLD }],
    ['a plain value in Base64', { region: 'echo' }, { 'mcp-param-region': '=?base64?ZWNobw==?=' }],
    ['the same number otherwise', { count: 42 }, { 'mcp-param-count': '42.0' }],
    ['a boolean', { urgent: false }, { 'mcp-param-urgent': 'false' }],
    ['nothing for null', { region: null }, {}],
    ['a value nobody asked for', {}, { 'mcp-param-other': 'x' }],
    ['a name in Base64', {}, { 'mcp-name': '=?base64?bWlycm9yZWQ=?=' }],
  ])('may carry %s', async (_name, args, fields) => {
    await using opened = await open(face, new TestServer());
    const response = await fetch(
      opened.url,
      modernRequest('tools/call', { name: 'mirrored', arguments: args }, fields),
    );
    expect(response.status).toBe(200);
  });

  test('that says one thing twice is refused', async () => {
    await using opened = await open(face, new TestServer());
    const { headers, body } = modernRequest('tools/list');
    const twice = {
      ...(headers as Record<string, string>),
      'mcp-protocol-version': ['2026-07-28', '2025-11-25'],
    };
    const response = await rawRequest(opened.url, { method: 'POST', headers: twice, body: body as string });
    expect([response.status, (JSON.parse(response.body) as Answer).error?.code]).toEqual([400, -32020]);
  });
});
