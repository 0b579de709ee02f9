import { ErrorCode, RemoteError } from '@trunkline/protocol';
import type { Client, ClientOptions } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import type { Middleware } from '../call.ts';
import { asCaller } from '../fixtures/as-caller.ts';
import { ManualClock } from '../fixtures/manual-clock.ts';
import {
  caching,
  errorNormalisation,
  logging,
  rateLimit,
  responseLimit,
  retry,
  timeout,
  timing,
  type CallReport,
} from '../middleware.ts';
import { createServer, type FastServer } from '../server.ts';
import { connect } from '../testing.ts';
import { ToolError } from '../tool-error.ts';

const info = { name: 'test', version: '1.0.0' };
const numbers = { type: 'object', properties: { n: { type: 'number' } } } as const;
const readOnly = { annotations: { readOnlyHint: true } } as const;

describe.each(['modern', 'legacy'] as const)('middleware, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0], options: ClientOptions = {}): Promise<Client> =>
    connect(server, { eras: [era], ...options });
  const ask = { message: 'Go on?', requestedSchema: { type: 'object', properties: {} } } as const;
  const everything = (middleware: Middleware, heard: unknown[] = []): FastServer => {
    let calls = 0;
    return createServer({ ...info, onError: (error) => heard.push(error) })
      .use(middleware)
      .tool('count', { input: numbers, ...readOnly }, () => `${(calls += 1)}`)
      .tool('write', () => `${(calls += 1)}`)
      .tool('fail', () => {
        throw new ToolError('no');
      })
      .tool('ask', { ...readOnly }, async (_args, context) => {
        const { action } = await context.ask.elicit(ask);
        return `${action} ${(calls += 1)}`;
      })
      .resource('r', 'test://r', () => `${(calls += 1)}`)
      .prompt('p', () => `${(calls += 1)}`);
  };
  const text = async (client: Client, tool: string, args = {}): Promise<string | undefined> => {
    const [block] = (await client.callTool(tool, args)).content;
    return block?.type === 'text' ? block.text : undefined;
  };

  test('may answer itself, change arguments and results, and throw', async () => {
    const server = createServer(info)
      .use(async (call, next) => {
        if (call.name === 'self') return { content: [{ type: 'text', text: 'mine' }] };
        if (call.name === 'told') throw new ToolError('not now');
        if (call.kind !== 'tool') return next();
        return { ...(await next({ ...call.args, n: 2 })), _meta: { seen: true } };
      })
      .tool('self', () => 'x')
      .tool('told', () => 'x')
      .tool('double', { input: numbers }, ({ n = 0 }) => `${n * 2}`)
      .resource('r', 'test://r', () => 'x');
    await using client = await open(server);
    expect(await text(client, 'self')).toBe('mine');
    expect(await client.callTool('told')).toMatchObject({ isError: true, content: [{ text: 'not now' }] });
    expect(await client.callTool('double', { n: 1 })).toMatchObject({
      content: [{ text: '4' }],
      _meta: { seen: true },
    });
    expect((await client.readResource('test://r')).contents).toHaveLength(1);
  });

  test('that returns no result is a mistake of the server', async () => {
    const heard: unknown[] = [];
    await using client = await open(everything((() => undefined) as never, heard));
    await expect(client.callTool('write')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    expect(heard).toMatchObject([{ code: 'bad-result' }]);
  });

  test('added later is around what is there already', async () => {
    const server = createServer(info).tool('t', () => 'x');
    await using client = await open(server);
    server.use(async (_call, next) => ({ ...(await next()), _meta: { late: true } }));
    expect(await client.callTool('t')).toMatchObject({ _meta: { late: true } });
  });

  test('logging reports each call and how it went', async () => {
    const reports: CallReport[] = [];
    const clock = new ManualClock();
    const server = everything(logging({ write: (report) => reports.push(report), clock })).tool(
      'throw',
      () => {
        clock.advance(5);
        throw new Error('secret');
      },
    );
    await using client = await open(server, { onElicit: () => ({ action: 'accept', content: {} }) });
    await client.callTool('write');
    await client.callTool('fail');
    await expect(client.callTool('throw')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    await client.readResource('test://r');
    await client.callTool('ask');
    expect(
      reports.map(({ kind, name, outcome, milliseconds }) => [kind, name, outcome, milliseconds]),
    ).toEqual([
      ['tool', 'write', 'done', 0],
      ['tool', 'fail', 'failed', 0],
      ['tool', 'throw', 'error', 5],
      ['resource', 'test://r', 'done', 0],
      ...(era === 'modern' ? [['tool', 'ask', 'suspended', 0]] : []),
      ['tool', 'ask', 'done', 0],
    ]);
    expect(reports[2]?.error).toMatchObject({ message: 'secret' });
  });

  test('timing records how long calls take', async () => {
    const times: [string, number][] = [];
    const clock = new ManualClock();
    const server = createServer(info)
      .use(timing((name, milliseconds) => times.push([name, milliseconds]), clock))
      .tool('t', () => (clock.advance(7), 'x'));
    await using client = await open(server);
    await client.callTool('t');
    expect(times).toEqual([['t', 7]]);
  });

  test('a rate limit is for each principal', async () => {
    const clock = new ManualClock();
    const server = everything(rateLimit({ perSecond: 1, burst: 2, clock }));
    const as = (subject: string) => open(asCaller(server, { clientId: 'app', subject, scopes: [] }));
    await using ada = await as('ada');
    await using again = await as('ada');
    await using bob = await as('bob');
    await using nobody = await open(server);
    await ada.callTool('write');
    await again.readResource('test://r');
    const refused = { code: ErrorCode.ServerBusy, data: { retryAfterMs: 1000 } };
    await expect(ada.callTool('write')).rejects.toMatchObject(refused);
    await expect(again.getPrompt('p')).rejects.toMatchObject(refused);
    await bob.callTool('write');
    await nobody.callTool('write');
    clock.advance(1000);
    await ada.callTool('write');
    await expect(ada.callTool('write')).rejects.toMatchObject(refused);
  });

  test('a result that is too long is told or refused', async () => {
    const server = createServer(info)
      .use(responseLimit({ maxBytes: 100 }))
      .tool('t', { input: numbers }, ({ n = 0 }) => 'é'.repeat(n))
      .resource('r', 'test://r', () => 'x'.repeat(100));
    await using client = await open(server);
    expect(await text(client, 't', { n: 5 })).toBe('ééééé');
    expect(await client.callTool('t', { n: 45 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringMatching(/^The result of t has \d+ bytes, more than 100/) }],
    });
    await expect(client.readResource('test://r')).rejects.toThrow('more than 100');
  });

  test('a cache answers what it may, for each principal and for a time', async () => {
    const clock = new ManualClock();
    const server = everything(caching({ ttl: 1000, maxEntries: 3, clock }));
    const as = (subject: string) =>
      open(asCaller(server, { clientId: 'app', subject, scopes: [] }), {
        onElicit: () => ({ action: 'accept', content: {} }),
      });
    await using ada = await as('ada');
    await using bob = await as('bob');
    const counts = [await text(ada, 'count', { n: 1 }), await text(ada, 'count', { n: 1 })];
    expect(counts).toEqual(['1', '1']);
    expect(await text(bob, 'count', { n: 1 })).toBe('2');
    expect(await text(ada, 'count', { n: 2 })).toBe('3');
    expect([await text(ada, 'write'), await text(ada, 'write')]).toEqual(['4', '5']);
    expect([await text(ada, 'ask'), await text(ada, 'ask')]).toEqual(['accept 6', 'accept 7']);
    clock.advance(1000);
    expect(await text(ada, 'count', { n: 1 })).toBe('8');
    await ada.readResource('test://r');
    await ada.readResource('test://r');
    expect((await ada.getPrompt('p')).messages).toMatchObject([{ content: { text: '10' } }]);
    await text(ada, 'count', { n: 3 });
    expect(await text(ada, 'count', { n: 1 })).toBe('12');
  });

  test('a cache may be shared, and keeps no errors', async () => {
    let failures = 0;
    const server = createServer(info)
      .use(caching({ ttl: 1000, shared: true, include: () => true }))
      .tool('t', () => `${(failures += 1)}`)
      .tool('fail', () => {
        throw new ToolError(`${(failures += 1)}`);
      });
    await using one = await open(server);
    await using other = await open(server);
    expect([await text(one, 't'), await text(other, 't')]).toEqual(['1', '1']);
    expect([await text(one, 'fail'), await text(one, 'fail')]).toEqual(['2', '3']);
  });

  test('what is harmless is tried again', async () => {
    const clock = new ManualClock();
    let runs = 0;
    const flaky = (good: number) => () => {
      runs += 1;
      if (runs < good) throw new Error('flaky');
      return `${runs}`;
    };
    const server = createServer(info)
      .use(retry({ clock }))
      .tool('read', readOnly, flaky(3))
      .tool('write', flaky(3))
      .tool('refuse', readOnly, () => {
        runs += 1;
        throw new RemoteError(-1, 'refused');
      })
      .resource('r', 'test://r', flaky(9));
    await using client = await open(server);
    const patiently = async <Value>(call: Promise<Value>): Promise<Value> => {
      runs = 0;
      const state = { settled: false };
      const over = call.finally(() => (state.settled = true));
      over.catch(() => {});
      while (!state.settled) {
        clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return over;
    };
    expect(await patiently(text(client, 'read'))).toBe('3');
    await expect(patiently(client.callTool('write'))).rejects.toMatchObject({
      code: ErrorCode.InternalError,
    });
    expect(runs).toBe(1);
    await expect(patiently(client.callTool('refuse'))).rejects.toMatchObject({ code: -1 });
    expect(runs).toBe(1);
    await expect(patiently(client.readResource('test://r'))).rejects.toMatchObject({
      code: ErrorCode.InternalError,
    });
    expect(runs).toBe(3);
  });

  test('a handler that hangs is answered for', async () => {
    const clock = new ManualClock();
    let started = (): void => {};
    const server = createServer(info)
      .use(timeout({ after: ({ kind }) => (kind === 'tool' ? 50 : 10), clock }))
      .tool('quick', () => 'x')
      .tool('hang', () => (started(), new Promise<string>(() => {})))
      .resource('hang', 'test://hang', () => (started(), new Promise<string>(() => {})));
    await using client = await open(server);
    expect(await text(client, 'quick')).toBe('x');
    expect(clock.waiting).toBe(0);
    const hanging = async <Value>(make: () => Promise<Value>): Promise<Value> => {
      const running = new Promise<void>((resolve) => (started = resolve));
      const call = make();
      call.catch(() => {});
      await running;
      clock.advance(50);
      return call;
    };
    expect(await hanging(() => client.callTool('hang'))).toMatchObject({
      isError: true,
      content: [{ text: 'hang took longer than 50 ms.' }],
    });
    await expect(hanging(() => client.readResource('test://hang'))).rejects.toThrow('took longer than 10 ms');
  });

  test('unknown errors are reported and turned into known ones', async () => {
    const reported: unknown[] = [];
    const server = createServer(info)
      .use(
        errorNormalisation({
          report: (error) => reported.push((error as Error).message),
          translate: (error) => {
            const { message } = error as Error;
            if (message === 'offline') return new ToolError('The database is offline; try later.');
            return message === 'gone' ? new RemoteError(-5, 'gone') : undefined;
          },
        }),
      )
      .tool('throw', { input: { type: 'object', properties: { with: { type: 'string' } } } }, (args) => {
        throw new Error(args.with);
      })
      .tool('known', () => {
        throw new ToolError('known');
      })
      .tool('ask', async (_args, context) => (await context.ask.elicit(ask)).action);
    await using client = await open(server, { onElicit: () => ({ action: 'decline' }) });
    expect(await text(client, 'throw', { with: 'offline' })).toBe('The database is offline; try later.');
    await expect(client.callTool('throw', { with: 'gone' })).rejects.toMatchObject({ code: -5 });
    await expect(client.callTool('throw', { with: 'secret' })).rejects.toMatchObject({
      code: ErrorCode.InternalError,
    });
    expect([await text(client, 'known'), await text(client, 'ask')]).toEqual(['known', 'decline']);
    expect(reported).toEqual(['offline', 'gone', 'secret']);
  });
});
