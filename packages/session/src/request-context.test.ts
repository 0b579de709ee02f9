import { describe, expect, test } from 'vitest';
import type { Context } from './context.ts';
import {
  answerTo,
  ask,
  cancelled,
  modern,
  notification,
  open,
  plain,
  served,
  type Served,
} from './fixtures/served.ts';
import { turn } from './fixtures/within.ts';
import type { Frame, Wire } from './fixtures/wire.ts';

const DONE = { content: [] };
const REPORTED = { meta: { progressToken: 'p' } };

/** A server with one tool, which does what the test says. */
async function doing(
  work: (context: Context) => unknown,
  options: Parameters<typeof served>[0] = {},
): Promise<Served & { far: Wire }> {
  const subject = served(options);
  subject.server.handle('tools/call', (_params, context) => work(context) as never);
  return { ...subject, far: await subject.dial() };
}

function reportsIn(heard: readonly Frame[]): unknown[] {
  return heard
    .filter(({ method }) => method === 'notifications/progress')
    .map(({ params }) => params?.['progress']);
}

describe('progress', () => {
  test('carries the token of its request, before the answer', async () => {
    const { far } = await doing(async (context) => {
      await context.progress(1, 2, 'half');
      return DONE;
    });
    await ask(far, modern(1, 'tools/call', { name: 'x' }, REPORTED));
    expect(far.heard.map(({ method, params }) => [method, params])).toEqual([
      ['notifications/progress', { progressToken: 'p', progress: 1, total: 2, message: 'half' }],
      [undefined, undefined],
    ]);
  });

  test('goes nowhere where nobody asked for it', async () => {
    const { far } = await doing(async (context) => {
      await context.progress(1);
      return DONE;
    });
    await ask(far, modern(1, 'tools/call', { name: 'x' }));
    expect(far.heard).toHaveLength(1);
  });

  test('that was held goes out before the answer, whether the call succeeds or fails', async () => {
    for (const fails of [false, true]) {
      const { far, clock } = await doing(async (context) => {
        for (let step = 1; step <= 30; step += 1) await context.progress(step);
        if (fails) throw new Error('x');
        return DONE;
      });
      await ask(far, modern(1, 'tools/call', { name: 'x' }, REPORTED));
      clock.advance(10_000);
      await turn();
      expect(reportsIn(far.heard).at(-1)).toBe(30);
      expect(far.heard.at(-1)?.method).toBeUndefined();
    }
  });

  test('and notifications after the answer are dropped', async () => {
    let late: Context | undefined;
    const { far } = await doing((context) => {
      late = context;
      return DONE;
    });
    await ask(
      far,
      modern(
        1,
        'tools/call',
        { name: 'x' },
        { meta: { progressToken: 'p', 'io.modelcontextprotocol/logLevel': 'debug' } },
      ),
    );
    await late?.progress(1);
    await late?.notify('notifications/custom');
    await late?.log('error', 'late');
    await turn();
    expect(far.heard).toHaveLength(1);
  });

  test('after a cancellation is dropped', async () => {
    let report = async (): Promise<void> => {};
    const { far, clock } = await doing(async (context) => {
      for (let step = 1; step <= 30; step += 1) await context.progress(step);
      report = () => context.progress(99);
      return new Promise(() => {});
    });
    far.say(modern(1, 'tools/call', { name: 'x' }, REPORTED));
    await turn();
    far.say(cancelled(1));
    await report();
    clock.advance(10_000);
    await turn();
    expect(reportsIn(far.heard)).toHaveLength(20);
  });

  test('waits for a reader that has no room', async () => {
    const reached: number[] = [];
    const { far } = await doing(async (context) => {
      for (let step = 1; step <= 3; step += 1) {
        await context.notify('notifications/custom', { step });
        reached.push(step);
      }
      return DONE;
    });
    const release = far.stall();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    await turn();
    expect(reached).toEqual([]);
    release();
    await answerTo(far, 1);
    expect(reached).toEqual([1, 2, 3]);
  });
});

describe('what a handler does not wait for', () => {
  test('may fail with the link without an unhandled rejection', async () => {
    const { far } = await doing(
      (context) => {
        void context.progress(1);
        void context.notify('notifications/custom');
        void context.notify('notifications/custom', { cyclic: cycle() } as never);
        void context.log('error', 'x');
        void context.ask.elicit({ message: '?', requestedSchema: { type: 'object', properties: {} } });
        void context.ask.roots();
        return new Promise(() => {});
      },
      { capabilities: { logging: {} } },
    );
    await open(far);
    far.stall();
    far.say(plain(1, 'tools/call', { name: 'x', _meta: { progressToken: 'p' } }));
    far.say(plain(2, 'tools/call', { name: 'x', _meta: { progressToken: 'q' } }));
    await turn();
    far.end(new Error('cable cut'));
    await turn();
    await turn();
    expect(far.closes).toBe(1);
  });

  test('may be a question of a modern call that fails meanwhile', async () => {
    const { far } = await doing((context) => {
      void context.ask.roots();
      return Promise.reject(new Error('x'));
    });
    expect(await ask(far, modern(1, 'tools/call', { name: 'x' }))).toMatchObject({
      result: { resultType: 'input_required' },
    });
    await turn();
  });
});

describe('log messages', () => {
  const chatty = async (context: Context): Promise<object> => {
    await context.log('info', { some: 'thing' }, 'logger');
    await context.log('error', 'text');
    return DONE;
  };
  const logsIn = (heard: readonly Frame[]): unknown[] =>
    heard.filter(({ method }) => method === 'notifications/message').map(({ params }) => params?.['level']);

  test('reach a modern client from the level that its request names, and no other', async () => {
    const { far } = await doing(chatty, { capabilities: { logging: {} } });
    await ask(far, modern(1, 'tools/call', { name: 'x' }));
    expect(logsIn(far.heard)).toEqual([]);
    await ask(
      far,
      modern(2, 'tools/call', { name: 'x' }, { meta: { 'io.modelcontextprotocol/logLevel': 'warning' } }),
    );
    expect(logsIn(far.heard)).toEqual(['error']);
    await ask(
      far,
      modern(3, 'tools/call', { name: 'x' }, { meta: { 'io.modelcontextprotocol/logLevel': 'debug' } }),
    );
    expect(logsIn(far.heard)).toEqual(['error', 'info', 'error']);
  });

  test('reach a legacy client from the level that it set for its session', async () => {
    const { far } = await doing(chatty, { capabilities: { logging: {} } });
    await open(far);
    await ask(far, plain(1, 'tools/call', { name: 'x' }));
    expect(logsIn(far.heard)).toEqual(['info', 'error']);
    expect(await ask(far, plain(2, 'logging/setLevel', { level: 'error' }))).toMatchObject({ result: {} });
    await ask(far, plain(3, 'tools/call', { name: 'x' }));
    expect(logsIn(far.heard)).toEqual(['info', 'error', 'error']);
    for (const level of ['trace', 7, null, undefined]) {
      const request = plain(4, 'logging/setLevel', { level });
      expect(await ask(far, request)).toMatchObject({ error: { code: -32602 } });
    }
  });

  test('are neither sent nor set by a server that does not declare them', async () => {
    const { far } = await doing(chatty);
    await open(far);
    await ask(far, plain(1, 'tools/call', { name: 'x' }));
    expect(await ask(far, plain(2, 'logging/setLevel', { level: 'error' }))).toMatchObject({
      error: { code: -32601 },
    });
    await ask(
      far,
      modern(3, 'tools/call', { name: 'x' }, { meta: { 'io.modelcontextprotocol/logLevel': 'debug' } }),
    );
    expect(logsIn(far.heard)).toEqual([]);
  });
});

describe('a client’s notifications', () => {
  test('reach their listener, whose failures reach only the server', async () => {
    const { server, dial, errors } = served();
    const heard: unknown[] = [];
    server.onNotification('notifications/odd', (params) => void heard.push(params));
    server.onNotification('notifications/throws', () => {
      throw new Error('sync');
    });
    server.onNotification('notifications/rejects', () => Promise.reject(new Error('async')) as never);
    const far = await dial();
    far.say(notification('notifications/odd', { a: 1 }));
    far.say(notification('notifications/odd'));
    far.say(notification('notifications/throws'));
    far.say(notification('notifications/rejects'));
    far.say(notification('constructor'));
    await turn();
    expect(heard).toEqual([{ a: 1 }, {}]);
    expect(errors.map((error) => (error as Error).message)).toEqual(['sync', 'async']);
    expect(await ask(far, modern(1, 'server/discover'))).toHaveProperty('result');
  });

  test('with the name of a request run no handler', async () => {
    let runs = 0;
    const { far } = await doing(() => {
      runs += 1;
      return DONE;
    });
    const { id: _id, ...request } = modern(1, 'tools/call', { name: 'x' });
    far.say(request);
    expect(await ask(far, modern(2, 'server/discover'))).toHaveProperty('result');
    expect({ runs, heard: far.heard.length }).toEqual({ runs: 0, heard: 1 });
  });
});

function cycle(): object {
  const value: { self?: object } = {};
  value.self = value;
  return value;
}
