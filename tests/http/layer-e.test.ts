import { gzipSync } from 'node:zlib';
import { http } from '@trunkline/transport-http/node';
import { describe, expect, test } from 'vitest';
import { entryOf } from '../corpus/corpus.ts';
import { layerE } from '../corpus/layer-e.ts';
import { payload } from '../corpus/entry.ts';
import { legacyRequest, modernRequest, openSession, RawSocket, rawText } from './harness.ts';
import { TestServer, text } from './test-server.ts';

const MiB = 1024 * 1024;
const ECHO = modernRequest('tools/call', { name: 'echo' });
const INITIALIZE = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};

/** What a scenario has at hand. */
interface Scene {
  readonly url: string;
  readonly server: TestServer;
  /** Opens a connection that the scene closes. */
  readonly connect: () => RawSocket;
  /** Sends one text on a connection of its own and gives the status of the answer. */
  readonly statusOf: (request: string) => Promise<number>;
}

/** Plays a scenario; every status that it returns is one that the entry must allow. */
type Play = (scene: Scene) => Promise<readonly number[]>;

function modern(fields: Record<string, string | undefined>, params = {}): Play {
  return async ({ statusOf }) => [
    await statusOf(rawText(modernRequest('tools/call', { name: 'echo', ...params }, fields))),
  ];
}

const each =
  (...plays: Play[]): Play =>
  async (scene) =>
    (await Promise.all(plays.map((play) => play(scene)))).flat();

const inSession =
  (...ids: string[]): Play =>
  async ({ statusOf }) => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    return Promise.all(ids.map((id) => statusOf(rawText(legacyRequest(ping, { 'mcp-session-id': id })))));
  };

const PLAYS: Readonly<Record<string, Play>> = {
  E010: modern({ origin: 'null' }),
  async E012(scene) {
    const local = rawText(modernRequest('tools/call', { name: 'echo' }, { origin: 'HTTP://LOCALHOST' }));
    expect(await scene.statusOf(local)).toBe(200);
    const [continued, hidden] = ['http://localhost.evil.example', 'http://localhost%00.evil'];
    return each(modern({ origin: continued }), modern({ origin: hidden }))(scene);
  },
  E014: modern({ 'content-type': 'text/plain; application/json' }),
  E016: modern({ 'content-type': 'application/json; charset=utf-16' }),
  E018: modern({ accept: 'text/html' }),
  async E021({ connect }) {
    const before = process.memoryUsage().rss;
    const connection = connect();
    connection.write(
      rawText({
        ...ECHO,
        body: '',
        headers: { ...(ECHO.headers as object), 'transfer-encoding': 'chunked' },
      }).replace('content-length: 0\r\n', ''),
    );
    const chunk = `${MiB.toString(16)}\r\n${'x'.repeat(MiB)}\r\n`;
    for (
      let sent = 0;
      sent < 1024 && !connection.socket.destroyed && !connection.heard.includes('\r\n\r\n');
      sent += 1
    ) {
      connection.write(chunk);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await connection.until('\r\n\r\n');
    connection.socket.end();
    await connection.closed();
    expect((process.memoryUsage().rss - before) / MiB).toBeLessThan(256);
    return [connection.status];
  },
  async E024({ connect }) {
    const connection = connect();
    connection.write(
      rawText({ ...ECHO, body: '' }).replace('content-length: 0', 'content-length: 100') + 'x'.repeat(20),
    );
    await connection.until('\r\n\r\n');
    await connection.closed();
    return [connection.status];
  },
  async E025({ connect }) {
    const connection = connect();
    const drip = setInterval(() => connection.write('P'), 20);
    connection.write('POST /mcp HTTP/1.1\r\nx: ');
    await connection.until('\r\n\r\n').finally(() => clearInterval(drip));
    await connection.closed();
    return [connection.status];
  },
  async E026({ connect }) {
    const connection = connect();
    const body = gzipSync(Buffer.alloc(10 * MiB));
    const head = rawText({
      ...ECHO,
      body: '',
      headers: { ...(ECHO.headers as object), 'content-encoding': 'gzip' },
    });
    connection.write(head.replace('content-length: 0', `content-length: ${body.length}`));
    connection.write(body);
    await connection.until('\r\n\r\n');
    return [connection.status];
  },
  E027: modern({ 'x-much': 'x'.repeat(20 * 1024) }),
  E030: modern({ 'mcp-protocol-version': undefined }),
  async E032({ statusOf }) {
    const request = rawText(ECHO).replace(
      '\r\nmcp-method',
      '\r\nmcp-protocol-version: 2025-11-25\r\nmcp-method',
    );
    return [await statusOf(request)];
  },
  E033: each(
    modern({ 'mcp-method': undefined }),
    modern({ 'mcp-method': 'tools/list' }),
    modern({ 'mcp-method': 'TOOLS/CALL' }),
  ),
  E035: modern({ 'mcp-name': '=?base64?!!!?=' }),
  E036: modern({ 'mcp-name': '=?base64?ZWNobw==?=' }),
  E037: modern({ 'mcp-name': '=?BASE64?ZWNobw==?=' }),
  E038: each(
    modern({ 'mcp-name': '=?base64?/w==?=' }),
    modern({ 'mcp-name': '=?base64?ZWNobw?=' }),
    modern({ 'mcp-name': '=?base64?ZWNobx==?=' }),
  ),
  E039: modern(
    { 'mcp-name': 'mirrored', 'mcp-param-region': 'us-west1' },
    { name: 'mirrored', arguments: { region: 'eu' } },
  ),
  E040: modern(
    { 'mcp-name': 'mirrored', 'mcp-param-count': '42.0' },
    { name: 'mirrored', arguments: { count: 42 } },
  ),
  E042: inSession('x'.repeat(MiB), 'a\u0001b', 'a b', '\u00e9t\u00e9'),
  E043: inSession('unknown'),
  async E047({ url, statusOf }) {
    const { id } = await openSession(url);
    const bringing = (mine: string): Promise<number> =>
      statusOf(rawText(legacyRequest(INITIALIZE, { 'mcp-session-id': mine })));
    return [await bringing('mine'), await bringing(id)];
  },
  async E048({ url }) {
    const statuses: number[] = [];
    let retryAfter: string | null = null;
    for (let opened = 0; opened < 60; opened += 1) {
      const response = await fetch(url, legacyRequest(INITIALIZE));
      statuses.push(response.status);
      retryAfter = response.headers.get('retry-after');
      await response.body?.cancel();
    }
    expect(statuses.slice(0, 50)).toEqual(statuses.slice(0, 50).map(() => 200));
    expect(retryAfter).toBe('1');
    // Those that never said they are initialized make room again.
    await expect
      .poll(async () => (await fetch(url, legacyRequest(INITIALIZE))).status, { timeout: 2_000 })
      .toBe(200);
    return statuses.slice(50);
  },
  async E049({ url }) {
    const post = async (init: RequestInit): Promise<number> => (await fetch(url, init)).status;
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const statuses: number[] = [];
    for (let sent = 0; sent < 200; sent += 1) {
      statuses.push(await post(legacyRequest(ping)));
      statuses.push(await post(legacyRequest(INITIALIZE, { 'mcp-protocol-version': '1999-01-01' })));
    }
    // There are places for fifty: had any of these opened a session, none would be left.
    const opened = Array.from({ length: 50 }, () => post(legacyRequest(INITIALIZE)));
    expect(new Set(await Promise.all(opened))).toEqual(new Set([200]));
    return statuses;
  },
  async E051({ url, server }) {
    server.tool('poll', (_args, context) => {
      context.detach();
      return new Promise((resolve) => context.signal.addEventListener('abort', () => resolve(text('late'))));
    });
    const session = await openSession(url);
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'poll' } };
    const stream = await (await session.send(call)).text();
    const id = /id: (\S+)/.exec(stream)?.[1];
    const both = await Promise.all([session.listen(id), session.listen(id)]);
    expect(new Set(both.map(({ response }) => response.status))).toEqual(new Set([200, 409]));
    await Promise.all(both.map((reader) => reader.cancel()));
    await fetch(url, { method: 'DELETE', headers: session.fields });
    return [];
  },
  E052: modern({ 'mcp-session-id': 'x', 'last-event-id': '1' }),
  async E055() {
    const verify = ({ header }: { header(this: void, name: string): string | undefined }) =>
      header('authorization') === undefined ? { status: 401 } : { clientId: 'me', scopes: [] };
    const listening = await http({ verify }).listen(new TestServer());
    const { status } = await fetch(`${listening.describe}?access_token=good`, ECHO);
    await listening.close();
    return [status];
  },
  async E057({ connect, server }) {
    const connection = connect();
    const whole = rawText(ECHO);
    connection.write(whole.slice(0, -40));
    await new Promise((resolve) => setImmediate(resolve));
    connection.socket.resetAndDestroy();
    expect(server.seen).toEqual([]);
    return [];
  },
  async E059({ statusOf }) {
    const at = (path: string): Promise<number> => statusOf(rawText(ECHO, path));
    expect(await at('/mcp?x')).toBe(200);
    for (const path of ['//mcp', '/mcp/', '/mcp%2f', '/MCP', '/mcp;x']) expect(await at(path)).toBe(404);
    return [];
  },
};

/** Entries for the two-endpoint transport alone. */
const ELSEWHERE = new Set(
  layerE.filter(({ on }) => on.every((surface) => surface === 'sse')).map(({ id }) => id),
);
/** Those whose scenario runs calls that are good. */
const RUNS = new Set(['E012', 'E016', 'E036', 'E040', 'E051', 'E052', 'E059']);

test('every scenario of the layer is played', () => {
  const scenarios = layerE.filter(({ id, input }) => 'scenario' in input && !ELSEWHERE.has(id));
  expect(Object.keys(PLAYS)).toEqual(scenarios.map(({ id }) => id));
});

describe('bad requests', () => {
  test.each(layerE.filter(({ id }) => !ELSEWHERE.has(id)).map(({ id, about }) => [id, about]))(
    '%s: %s',
    async (id) => {
      const { expect: expected, input } = entryOf(id);
      const server = new TestServer();
      const sockets: RawSocket[] = [];
      const listening = await http({
        headersTimeout: 200,
        requestTimeout: 300,
        legacy: { maxSessions: 50, readyTimeout: 1_000 },
        onError: (error) => server.errors.push(error),
      }).listen(server);
      const connect = (): RawSocket => {
        const socket = new RawSocket(listening.describe);
        sockets.push(socket);
        return socket;
      };
      const statusOf = async (request: string): Promise<number> => {
        const socket = connect();
        socket.write(request);
        await socket.until('\r\n\r\n');
        return socket.status;
      };
      const play: Play = PLAYS[id] ?? (async () => [await statusOf(payload(input) as string)]);
      const statuses = await play({ url: listening.describe, server, connect, statusOf });
      const allowed = expected.status === undefined ? [200, 415] : [expected.status].flat();
      expect(statuses.filter((status) => !allowed.includes(status))).toEqual([]);
      if (!RUNS.has(id)) expect(server.seen).toEqual([]);
      const good = await fetch(listening.describe, ECHO);
      expect(good.status).toBe(200);
      expect(await good.json()).toMatchObject({ result: { content: [{ text: 'hi echo' }] } });
      expect(server.errors).toEqual([]);
      for (const socket of sockets) socket[Symbol.dispose]();
      await listening.close();
    },
  );
});
