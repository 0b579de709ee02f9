import { connect, Server, type Client, type ClientOptions, type Context } from '@trunkline/session';
import type { CallToolResult, Era } from '@trunkline/protocol';
import {
  createHttpHandler,
  httpClient,
  type HttpClientOptions,
  type HttpHandler,
  type HttpHandlerOptions,
} from '@trunkline/transport-http';
import { toNodeHandler } from '@trunkline/transport-http/node';
import { describe, expect, test } from 'vitest';
import { rejection, within } from '../src/within.ts';
import { openHost, type Host, type Listener } from './host.ts';

const ERAS: readonly Era[] = ['modern', 'legacy'];

/** A server that tells what it did, and whose tool `hang` answers when it is let go. */
class Subject {
  readonly server: Server;
  readonly runs: string[] = [];
  handler: HttpHandler;
  readonly #waiting: (() => void)[] = [];
  readonly #begun = new Set<() => void>();

  constructor(options: HttpHandlerOptions = {}) {
    this.server = new Server(
      { name: 'subject', version: '1' },
      { capabilities: { tools: { listChanged: true } } },
    );
    this.server.handle('tools/list', () => ({ tools: [{ name: 'echo', inputSchema: { type: 'object' } }] }));
    this.server.handle('tools/call', (params, context) => this.#run(params.name, context));
    this.handler = createHttpHandler(this.server, options);
  }

  get listener(): Listener {
    return toNodeHandler(this.handler);
  }

  /** Waits until so many calls run. */
  running(count: number): Promise<void> {
    const come = new Promise<void>((resolve) => {
      const look = (): void => void (this.runs.length >= count && resolve());
      this.#begun.add(look);
      look();
    });
    return within(come, () => `${count} calls to run, of which ${this.runs.length} do`);
  }

  async close(): Promise<void> {
    this.letGo();
    await this.handler.close({ grace: 0 });
  }

  letGo(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  async #run(name: string, context: Context): Promise<CallToolResult> {
    this.runs.push(name);
    for (const look of this.#begun) look();
    if (name === 'talk') await context.progress(1);
    if (name !== 'echo') await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return { content: [{ type: 'text', text: name }] };
  }
}

interface Scene extends AsyncDisposable {
  readonly host: Host;
  readonly subject: Subject;
  readonly client: Client;
}

async function scene(era: Era, options: HttpClientOptions = {}, more: ClientOptions = {}): Promise<Scene> {
  const subject = new Subject();
  const host = await openHost(subject.listener);
  const reconnect = { initialDelay: 1, maxDelay: 5, ...options.reconnect };
  const client = await connect(httpClient(host.url, { ...options, reconnect }), { eras: [era], ...more });
  return {
    host,
    subject,
    client,
    async [Symbol.asyncDispose]() {
      await client.close();
      await subject.close();
      await host[Symbol.asyncDispose]();
    },
  };
}

async function textOf(call: Promise<CallToolResult>): Promise<unknown> {
  const [block] = (await within(call, () => 'the answer')).content;
  return block?.type === 'text' ? block.text : block;
}

describe.each(ERAS)('the server of a %s client dies', (era) => {
  test.each(['hang', 'talk'])(
    'while a hundred calls of %s run: each is told at once that it may have been carried out (F-006)',
    async (tool) => {
      await using at = await scene(era, { reconnect: { attempts: 0 } });
      const calls = Array.from({ length: 100 }, () => rejection(at.client.callTool(tool), 'a call'));
      await at.subject.running(100);
      at.host.cut();
      for (const error of await Promise.all(calls))
        expect(error).toMatchObject({ code: 'link-lost', delivery: 'unknown' });
      expect(await textOf(at.client.callTool('echo'))).toBe('echo');
      expect(at.subject.runs.filter((run) => run === tool)).toHaveLength(100);
    },
  );

  test('and is away: what is called meanwhile was not sent', async () => {
    await using at = await scene(era, { reconnect: { attempts: 0 } });
    await at.host.down();
    expect(await rejection(at.client.callTool('echo'), 'the call')).toMatchObject({
      code: 'not-sent',
      delivery: 'not-sent',
    });
    await at.host.up();
    expect(await textOf(at.client.callTool('echo'))).toBe('echo');
  });
});

describe('a session that the server forgot', () => {
  test('is opened anew, once, for all calls that need it, and each runs once (F-007)', async () => {
    await using at = await scene('legacy');
    const next = new Subject();
    at.host.serve(next.listener);
    const calls = await Promise.all(Array.from({ length: 20 }, () => textOf(at.client.callTool('echo'))));
    expect(calls).toEqual(Array(20).fill('echo'));
    expect(next.runs).toHaveLength(20);
    expect(at.client.era).toBe('legacy');
    expect((await at.client.listTools()).tools).toHaveLength(1);
    await next.close();
  });

  test('takes the calls under way with it, which may have been carried out (F-007)', async () => {
    await using at = await scene('legacy');
    const calls = [1, 2, 3].map(() => rejection(at.client.callTool('talk'), 'a call'));
    await at.subject.running(3);
    const next = new Subject();
    at.host.serve(next.listener);
    at.host.cut();
    for (const error of await Promise.all(calls))
      expect(error).toMatchObject({ code: 'link-lost', delivery: 'unknown' });
    expect(await textOf(at.client.callTool('echo'))).toBe('echo');
    expect(next.runs).toEqual(['echo']);
    await next.close();
  });
});

describe('a legacy call whose connection breaks', () => {
  test('is answered all the same, and ran once (F-050)', async () => {
    await using at = await scene('legacy');
    const reports: number[] = [];
    let reported = (): void => {};
    const first = new Promise<void>((resolve) => (reported = resolve));
    const call = at.client.callTool(
      'talk',
      {},
      { onProgress: ({ progress }) => (reports.push(progress), reported()) },
    );
    await within(first, () => 'the progress');
    at.host.cut();
    at.subject.letGo();
    expect(await textOf(call)).toBe('talk');
    expect([at.subject.runs, reports]).toEqual([['talk'], [1]]);
  });

  test('is answered also where the server was away for a while (F-054)', async () => {
    await using at = await scene('legacy', { reconnect: { attempts: 1_000 } });
    let reported = (): void => {};
    const first = new Promise<void>((resolve) => (reported = resolve));
    const call = at.client.callTool('talk', {}, { onProgress: () => reported() });
    await within(first, () => 'the progress');
    await at.host.down();
    at.subject.letGo();
    await at.host.up();
    expect(await textOf(call)).toBe('talk');
  });
});

describe('a peer that falls silent (F-010, F-011)', () => {
  const silent: Listener = () => {};

  test.each(ERAS)('lets a %s call time out, and a late answer finds nobody', async (era) => {
    await using at = await scene(era);
    const error = await rejection(at.client.callTool('hang', {}, { timeout: 50 }), 'the call');
    expect(error).toMatchObject({ code: 'timed-out', delivery: 'unknown' });
    at.subject.letGo();
    expect(await textOf(at.client.callTool('echo'))).toBe('echo');
  });

  test('keeps nobody waiting who asks for a head in time', async () => {
    await using host = await openHost(silent);
    const error = await rejection(connect(httpClient(host.url, { headTimeout: 50 })), 'connecting');
    expect(error).toMatchObject({ code: 'timed-out' });
  });

  test('loses its stream after a time without a byte, keep-alive included', async () => {
    await using host = await openHost(silent);
    const subject = new Subject();
    host.serve(subject.listener);
    await using client = await connect(httpClient(host.url, { idleTimeout: 50 }), { eras: ['modern'] });
    const error = await rejection(client.callTool('talk'), 'the call');
    expect(error).toMatchObject({ code: 'link-lost', delivery: 'unknown' });
    await subject.close();
  });
});

describe('finding out the era', () => {
  const status =
    (code: number): Listener =>
    (request, response) =>
      void request.resume().on('end', () => response.writeHead(code).end());

  test.each([500, 502, 503, 401, 403])('status %d proves nothing and is the error', async (code) => {
    await using host = await openHost(status(code));
    expect(await rejection(connect(httpClient(host.url)), 'connecting')).toMatchObject({
      code: 'refused',
      status: code,
    });
    expect(host.requests).toEqual(['POST']);
  });

  test.each([400, 404, 405, 406, 415])(
    'status %d sends it on to the legacy era, whose refusal is the error',
    async (code) => {
      await using host = await openHost(status(code));
      expect(await rejection(connect(httpClient(host.url)), 'connecting')).toMatchObject({
        code: 'refused',
        status: code,
      });
      expect(host.requests).toEqual(['POST', 'POST']);
    },
  );

  test('a connection that breaks proves nothing and is the error', async () => {
    await using host = await openHost((request) => void request.socket.destroy());
    expect(await rejection(connect(httpClient(host.url)), 'connecting')).toMatchObject({
      code: 'link-lost',
      delivery: 'unknown',
    });
    expect(host.requests).toEqual(['POST']);
  });

  test.each([202, 204])('status %d, which answers nothing, sends it on to the legacy era', async (code) => {
    const subject = new Subject({ eras: ['legacy'] });
    await using host = await openHost((request, response) => {
      if (request.headers['mcp-method'] === undefined) subject.listener(request, response);
      else request.resume().on('end', () => response.writeHead(code).end());
    });
    await using client = await connect(httpClient(host.url));
    expect(client.era).toBe('legacy');
    await subject.close();
  });

  test('a port where nobody listens is the error, at once', async () => {
    await using host = await openHost(status(500));
    await host.down();
    expect(await rejection(connect(httpClient(host.url)), 'connecting')).toMatchObject({
      code: 'not-sent',
      delivery: 'not-sent',
    });
    await host.up();
  });

  test('is done once for each target', async () => {
    await using host = await openHost(status(500));
    const subject = new Subject({ eras: ['legacy'] });
    host.serve(subject.listener);
    const posts: number[] = [];
    for (let round = 0; round < 2; round += 1) {
      const before = host.requests.length;
      const client = await connect(httpClient(host.url));
      expect(client.era).toBe('legacy');
      posts.push(host.requests.slice(before).filter((method) => method === 'POST').length);
      await client.close();
    }
    expect(posts[0]).toBeGreaterThan(2);
    expect(posts[1]).toBe(2);
    await subject.close();
  });

  test('is done anew where what was learnt no longer holds', async () => {
    await using host = await openHost(status(500));
    const old = new Subject({ eras: ['legacy'] });
    host.serve(old.listener);
    await (await connect(httpClient(host.url))).close();
    const upgraded = new Subject({ eras: ['modern'] });
    host.serve(upgraded.listener);
    await using client = await connect(httpClient(host.url));
    expect(client.era).toBe('modern');
    await Promise.all([old, upgraded].map((subject) => subject.close()));
  });

  test('a browser that hides why it refused the modern envelope is led to the legacy era', async () => {
    await using host = await openHost(status(500));
    const subject = new Subject({ eras: ['legacy'] });
    host.serve(subject.listener);
    const fetch = (url: string, init: RequestInit): Promise<Response> =>
      new Headers(init.headers).has('mcp-method')
        ? Promise.reject(new TypeError('Failed to fetch'))
        : globalThis.fetch(url, init);
    await using client = await connect(httpClient(host.url, { fetch }));
    expect(client.era).toBe('legacy');
    await subject.close();
  });
});

test('headers of one call pass through the session to that call only', async () => {
  await using at = await scene('modern');
  const seen: (string | string[] | undefined)[] = [];
  const { listener } = at.subject;
  at.host.serve((request, response) => {
    seen.push(request.headers['x-tenant']);
    listener(request, response);
  });
  await at.client.callTool('echo', {}, { send: { http: { headers: { 'X-Tenant': 'acme' } } } });
  await at.client.callTool('echo');
  expect(seen).toEqual(['acme', undefined]);
});

test('two hundred calls at once each get their own answer', async () => {
  await using at = await scene('modern');
  const answers = await Promise.all(Array.from({ length: 200 }, () => textOf(at.client.callTool('echo'))));
  expect(answers).toEqual(Array(200).fill('echo'));
});
