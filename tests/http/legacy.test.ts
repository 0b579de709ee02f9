import type { RequestHead } from '@trunkline/http-host';
import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import {
  EventReader,
  FACES,
  legacyRequest,
  listen,
  open,
  openSession,
  POST_FIELDS,
  signalled,
  within,
} from './harness.ts';
import { TestServer, text } from './test-server.ts';

const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

function call(name: string, params: JsonObject = {}, id: string | number = 2): JsonObject {
  return { jsonrpc: '2.0', id, method: 'tools/call', params: { name, ...params } };
}

const PROGRESS = { _meta: { progressToken: 1 } };

describe.each(FACES)('a legacy session through the %s face', (face) => {
  test('is minted with the answer to initialize, used, and ended by its client', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const initialized = await fetch(opened.url, legacyRequest(INITIALIZE));
    expect(initialized.status).toBe(200);
    const id = initialized.headers.get('mcp-session-id') ?? '';
    expect(id).toMatch(/^[\x21-\x7e]{32,128}$/);
    expect(await initialized.json()).toMatchObject({ id: 1, result: { protocolVersion: '2025-11-25' } });
    const fields = { 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' };
    const ready = await fetch(
      opened.url,
      legacyRequest({ jsonrpc: '2.0', method: 'notifications/initialized' }, fields),
    );
    expect([ready.status, await ready.text()]).toEqual([202, '']);
    const answered = await fetch(opened.url, legacyRequest(call('x'), fields));
    expect(answered.headers.get('content-type')).toBe('application/json');
    expect(await answered.json()).toMatchObject({ id: 2, result: { content: [{ text: 'hi x' }] } });
    expect(server.seen[0]?.origin.http?.sessionId).toBe(id);
    expect((await fetch(opened.url, { method: 'DELETE', headers: fields })).status).toBe(204);
    for (const again of [legacyRequest(call('x'), fields), { method: 'DELETE', headers: fields }]) {
      expect((await fetch(opened.url, again)).status).toBe(404);
    }
  });

  test('is not minted when initialize fails', async () => {
    await using opened = await open(face, new TestServer(), { legacy: { maxSessions: 1 } });
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const failed = await fetch(opened.url, legacyRequest({ ...INITIALIZE, params: {} }));
      expect(failed.headers.get('mcp-session-id')).toBeNull();
      expect(await failed.json()).toMatchObject({ id: 1, error: { code: -32602 } });
    }
    expect((await openSession(opened.url)).id).not.toBe('');
  });

  test('answers errors with 200, unknown methods too', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    const response = await session.send({ jsonrpc: '2.0', id: 2, method: 'no/such' });
    expect([response.status, ((await response.json()) as { error: JsonObject }).error['code']]).toEqual([
      200, -32601,
    ]);
  });

  test('carries what a handler says first on a stream that begins with a place to come back to', async () => {
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1);
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const events = await new EventReader(await session.send(call('talk', PROGRESS))).rest();
    expect(events.map(({ event }) => event)).toEqual([undefined, 'message', 'message']);
    expect(events[0]?.data).toBe('');
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  test('of an older revision begins no stream with an empty event', async () => {
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1);
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url, '2025-06-18');
    const events = await new EventReader(await session.send(call('talk', PROGRESS))).rest();
    expect(events.map(({ data }) => data === '')).toEqual([false, false]);
  });

  test('lets the server ask on the stream of the call, and takes the answer in a POST of its own', async () => {
    const server = new TestServer().tool('ask', async (_args, { ask }) => {
      const { content } = await ask.elicit({
        message: 'Name?',
        requestedSchema: { type: 'object', properties: {} },
      });
      return text(`hi ${String(content?.['name'])}`);
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url, '2025-11-25', { capabilities: { elicitation: {} } });
    const reader = new EventReader(await session.send(call('ask')));
    const question = await reader.message();
    expect(question).toMatchObject({ method: 'elicitation/create', params: { message: 'Name?' } });
    const answer = {
      jsonrpc: '2.0',
      id: question?.['id'],
      result: { action: 'accept', content: { name: 'ada' } },
    };
    expect((await session.send(answer)).status).toBe(202);
    expect(await reader.message()).toMatchObject({ id: 2, result: { content: [{ text: 'hi ada' }] } });
    expect(await reader.next()).toBeUndefined();
  });

  test('lets the server speak first on one GET stream, and never on two', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    server.changed({ kind: 'tools' });
    const ambient = await session.listen();
    expect(ambient.response.headers.get('content-type')).toBe('text/event-stream');
    expect(await ambient.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    const second = await session.listen();
    expect(second.response.status).toBe(409);
    await second.cancel();
    server.changed({ kind: 'tools' });
    expect(await ambient.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    await ambient.cancel();
    const again = await within(retried(() => session.listen(), 409));
    server.changed({ kind: 'tools' });
    expect(await again.message()).toMatchObject({ method: 'notifications/tools/list_changed' });
    await session.send({ jsonrpc: '2.0', id: 9, method: 'ping' });
    await fetch(opened.url, { method: 'DELETE', headers: session.fields });
    expect(await again.next()).toBeUndefined();
  });

  test('is cancelled by a notification and by no lost connection', async () => {
    const stopped = signalled();
    const started = signalled();
    const server = new TestServer().tool('hang', async (_args, { signal }) => {
      started.fire();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      stopped.fire();
      return text('late');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const leave = new AbortController();
    const left = session.send(call('hang', {}, 5), {}, leave.signal);
    await within(started.promise);
    leave.abort();
    await expect(left).rejects.toThrow('aborted');
    // The running request still has its id: nothing has stopped it.
    const same = await session.send(call('hang', {}, 5));
    expect(await same.json()).toMatchObject({ id: 5, error: { code: -32600 } });
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } };
    expect((await session.send(cancelled)).status).toBe(202);
    await within(stopped.promise, 'the cancellation');
  });

  test('a call that runs when its session ends is failed, and nothing invites to call again', async () => {
    const started = signalled();
    const stopped = signalled();
    const server = new TestServer().tool('hang', async (_args, context) => {
      await context.progress(1);
      started.fire();
      await new Promise<void>((resolve) => context.signal.addEventListener('abort', () => resolve()));
      stopped.fire();
      return text('late');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    for (const params of [{}, PROGRESS]) {
      const own = await openSession(opened.url);
      const pending = own.send(call('hang', params, 5));
      await within(started.promise);
      await fetch(opened.url, { method: 'DELETE', headers: own.fields });
      const response = await within(pending);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('{"jsonrpc":"2.0","id":5,"error":{"code":-32603');
    }
    await within(stopped.promise);
    expect((await session.send(call('x'))).status).toBe(200);
  });

  test('is refused by a server that serves no more', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    await server.close();
    const response = await fetch(opened.url, legacyRequest(INITIALIZE));
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
  });

  test('a cancelled call gets an answer without a body', async () => {
    const started = signalled();
    const server = new TestServer().tool('hang', async (_args, { signal }) => {
      started.fire();
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return text('late');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url);
    const pending = session.send(call('hang', {}, 5));
    await within(started.promise);
    await session.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 5 } });
    const response = await within(pending);
    expect([response.status, await response.text()]).toEqual([202, '']);
  });

  test.each<[string, Record<string, string | undefined>, number]>([
    ['no session id', { 'mcp-session-id': undefined }, 400],
    ['an unknown session id', { 'mcp-session-id': 'nobody' }, 404],
    ['a session id that is none', { 'mcp-session-id': 'a b' }, 404],
    ['a session id of 1 KiB', { 'mcp-session-id': 'x'.repeat(1024) }, 404],
    ['a revision nobody speaks', { 'mcp-protocol-version': '1999-01-01' }, 400],
    ['no revision', { 'mcp-protocol-version': undefined }, 200],
  ])('%s is answered by its status', async (_name, fields, status) => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    expect((await session.send(call('x'), fields)).status).toBe(status);
  });

  test('initialize never adopts the id that a client brings', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    for (const id of ['mine', session.id]) {
      const response = await fetch(opened.url, legacyRequest(INITIALIZE, { 'mcp-session-id': id }));
      expect([response.status, response.headers.get('mcp-session-id')]).toEqual([400, null]);
    }
  });

  test('belongs to whoever opened it, for every verb', async () => {
    const identities = new Map([
      ['a', { clientId: 'a', scopes: [] }],
      ['b', { clientId: 'b', scopes: [] }],
    ]);
    const verify = ({ header }: Pick<RequestHead, 'header'>) => identities.get(header('authorization') ?? '');
    const server = new TestServer();
    await using opened = await open(face, server, { verify });
    const session = await openSession(opened.url, '2025-11-25', { fields: { authorization: 'a' } });
    for (const authorization of ['b', undefined]) {
      const fields = { ...session.fields, authorization };
      expect((await session.send(call('x'), { authorization })).status).toBe(404);
      const headers = Object.fromEntries(
        Object.entries(fields).filter(([, value]) => value !== undefined),
      ) as Record<string, string>;
      expect((await fetch(opened.url, { method: 'DELETE', headers })).status).toBe(404);
      expect((await listen(opened.url, headers)).response.status).toBe(404);
      expect((await listen(opened.url, headers, 'a-1')).response.status).toBe(404);
    }
    expect(server.seen).toEqual([]);
    expect((await session.send(call('x'))).status).toBe(200);
  });

  test('GET asks for a stream by its Accept header', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url);
    const headers = { ...session.fields, accept: 'application/json' };
    expect((await fetch(opened.url, { headers })).status).toBe(406);
  });

  test('messages to a client that does not listen are refused when too many wait', async () => {
    const server = new TestServer();
    const links: { send(message: JsonObject): Promise<void> }[] = [];
    const link = server.link.bind(server);
    server.link = (transport) => {
      links.push(transport as unknown as (typeof links)[number]);
      return link(transport);
    };
    await using opened = await open(face, server, { legacy: { maxWaiting: 3 } });
    const session = await openSession(opened.url);
    const ping = { jsonrpc: '2.0', method: 'notifications/custom' };
    const waiting = Promise.allSettled([1, 2, 3].map(async () => links[0]?.send(ping)));
    await expect(links[0]?.send(ping)).rejects.toMatchObject({ code: 'overloaded', delivery: 'not-sent' });
    await fetch(opened.url, { method: 'DELETE', headers: session.fields });
    for (const sent of await waiting)
      expect(sent).toMatchObject({ status: 'rejected', reason: { code: 'closed' } });
  });
});

describe.each(FACES)('a legacy client without a session through the %s face', (face) => {
  const stateless = { legacy: { sessions: false } } as const;

  test('is served, one request at a time', async () => {
    await using opened = await open(face, new TestServer(), stateless);
    const initialized = await fetch(opened.url, legacyRequest(INITIALIZE));
    expect(initialized.headers.get('mcp-session-id')).toBeNull();
    expect(await initialized.json()).toMatchObject({ result: { protocolVersion: '2025-11-25' } });
    const ready = await fetch(
      opened.url,
      legacyRequest({ jsonrpc: '2.0', method: 'notifications/initialized' }),
    );
    expect(ready.status).toBe(202);
    const answered = await fetch(
      opened.url,
      legacyRequest(call('x'), { 'mcp-protocol-version': '2025-06-18' }),
    );
    expect(await answered.json()).toMatchObject({ result: { content: [{ text: 'hi x' }] } });
  });

  test('gets a stream without ids when the handler speaks first', async () => {
    const server = new TestServer().tool('talk', async (_args, context) => {
      await context.progress(1);
      return text('done');
    });
    await using opened = await open(face, server, stateless);
    const events = await new EventReader(
      await fetch(opened.url, legacyRequest(call('talk', PROGRESS))),
    ).rest();
    expect(events.map(({ id }) => id)).toEqual([undefined, undefined]);
  });

  test('aborts its handler by leaving, for nobody can come back', async () => {
    const started = signalled();
    const stopped = signalled();
    const server = new TestServer().tool('hang', async (_args, { signal }) => {
      signal.addEventListener('abort', () => stopped.fire());
      started.fire();
      await stopped.promise;
      return text('late');
    });
    await using opened = await open(face, server, stateless);
    const leave = new AbortController();
    const left = fetch(opened.url, { ...legacyRequest(call('hang')), signal: leave.signal });
    await within(started.promise);
    leave.abort();
    await expect(left).rejects.toThrow('aborted');
    await within(stopped.promise, 'the abort of the handler');
  });

  test('finds no stream, no session and nothing to answer', async () => {
    await using opened = await open(face, new TestServer(), stateless);
    expect((await listen(opened.url, {})).response.status).toBe(405);
    expect((await fetch(opened.url, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(opened.url, legacyRequest({ jsonrpc: '2.0', id: 1, result: {} }))).status).toBe(400);
  });
});

describe.each(FACES)('batches through the %s face', (face) => {
  const batch = [call('a', {}, 1), { jsonrpc: '2.0', method: 'notifications/custom' }, call('b', {}, 2)];

  test('are answered as one where the revision has them', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url, '2025-03-26');
    const response = await session.send(batch);
    const answers = (await response.json()) as JsonObject[];
    expect(new Set(answers.map(({ id }) => id))).toEqual(new Set([1, 2]));
    const notes = await session.send([{ jsonrpc: '2.0', method: 'notifications/custom' }]);
    expect(notes.status).toBe(202);
  });

  test('are answered on one stream when a handler speaks first', async () => {
    const server = new TestServer().tool('b', async (_args, context) => {
      await context.progress(1);
      return text('done');
    });
    await using opened = await open(face, server);
    const session = await openSession(opened.url, '2025-03-26');
    const reader = new EventReader(await session.send([call('a', {}, 1), call('b', PROGRESS, 2)]));
    const messages = (await reader.rest()).map(({ data }) => JSON.parse(data) as JsonObject);
    expect(messages.map(({ id, method }) => id ?? method)).toEqual([1, 'notifications/progress', 2]);
  });

  test('are refused whole where the revision has none, before any handler runs', async () => {
    const server = new TestServer();
    await using opened = await open(face, server);
    const session = await openSession(opened.url, '2025-06-18');
    const response = await session.send(batch);
    expect([response.status, ((await response.json()) as { error: JsonObject }).error['code']]).toEqual([
      400, -32600,
    ]);
    expect(server.seen).toEqual([]);
  });

  test('of more than 100 messages, empty ones and those with initialize are refused', async () => {
    await using opened = await open(face, new TestServer());
    const session = await openSession(opened.url, '2025-03-26');
    for (const wrong of [
      Array.from({ length: 101 }, (_, id) => call('a', {}, id)),
      [],
      [INITIALIZE],
      [call('a'), call('a')],
    ]) {
      expect((await session.send(wrong)).status).toBe(400);
    }
  });

  test('without a session go by the revision of the header', async () => {
    await using opened = await open(face, new TestServer(), { legacy: { sessions: false } });
    const init = (fields: Record<string, string>): RequestInit => legacyRequest(batch, fields);
    expect((await fetch(opened.url, init({}))).status).toBe(200);
    expect((await fetch(opened.url, init({ 'mcp-protocol-version': '2025-06-18' }))).status).toBe(400);
  });
});

test('a server of the legacy era only takes no envelope for one', async () => {
  await using opened = await open('node', new TestServer({ eras: ['legacy'] }), { eras: ['legacy'] });
  const response = await fetch(opened.url, {
    method: 'POST',
    headers: POST_FIELDS,
    body: JSON.stringify(call('x')),
  });
  expect(response.status).toBe(400);
});

/** Tries again for as long as the server says that something is still there. */
async function retried(attempt: () => Promise<EventReader>, status: number): Promise<EventReader> {
  for (;;) {
    const reader = await attempt();
    if (reader.response.status !== status) return reader;
    await reader.cancel();
  }
}
