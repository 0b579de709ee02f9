import { RemoteError } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import type { Context } from './context.ts';
import { answerTo, ask, cancelled, modern, open, plain, served, type Served } from './fixtures/served.ts';
import { thenable, turn } from './fixtures/within.ts';
import type { Wire } from './fixtures/wire.ts';

interface Held {
  readonly context: Context;
  readonly finish: (result: unknown) => void;
  readonly fail: (error: unknown) => void;
}

/** A server whose tool calls run until the test ends them. */
async function holding(
  options: Parameters<typeof served>[0] = {},
): Promise<Served & { far: Wire; held: Held[] }> {
  const held: Held[] = [];
  const subject = served(options);
  subject.server.handle('tools/call', (_params, context) => {
    return new Promise<never>((resolve, reject) => {
      held.push({ context, finish: (result) => resolve(result as never), fail: reject });
    });
  });
  return { ...subject, held, far: await subject.dial() };
}

const DONE = { content: [] };

describe('answers', () => {
  test('come once per request, in the order in which handlers finish', async () => {
    const { far, held } = await holding();
    for (const id of [1, 2, 3]) far.say(modern(id, 'tools/call', { name: 'x' }));
    held[2]?.finish(DONE);
    await answerTo(far, 3);
    held[0]?.finish(DONE);
    held[1]?.finish(DONE);
    await answerTo(far, 2);
    expect(far.heard.map(({ id }) => id)).toEqual([3, 1, 2]);
  });

  test('tell the id 1 from the id "1", and know 0 and ""', async () => {
    const { far, held } = await holding();
    for (const id of [1, '1', 0, '']) far.say(modern(id, 'tools/call', { name: 'x' }));
    for (const { finish } of held) finish(DONE);
    await turn();
    expect(far.heard.map(({ id, result }) => [id, result !== undefined])).toEqual([
      [1, true],
      ['1', true],
      [0, true],
      ['', true],
    ]);
  });

  test('refuse an id that is running, and leave the one that runs alone', async () => {
    const { far, held } = await holding();
    far.say(modern('d', 'tools/call', { name: 'x' }));
    far.say(modern('d', 'tools/call', { name: 'x' }));
    expect(await answerTo(far, 'd')).toMatchObject({ error: { code: -32600 } });
    expect(held).toHaveLength(1);
    held[0]?.finish(DONE);
    expect(await answerTo(far, 'd')).toMatchObject({ result: DONE });
    far.say(modern('d', 'tools/call', { name: 'x' }));
    held[1]?.finish(DONE);
    expect(await answerTo(far, 'd')).toMatchObject({ result: DONE });
    expect(far.heard).toHaveLength(3);
  });

  test('a peer that is gone when the answer is ready is no error', async () => {
    const { far, held, errors, server } = await holding();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    far.end();
    held[0]?.finish(DONE);
    await turn();
    expect(errors).toEqual([]);
    await server.close();
  });
});

describe('limits', () => {
  test('more requests than may run are answered as busy at once, while ping and cancel pass', async () => {
    const { far, held } = await holding({ limits: { maxRunning: 2 } });
    await open(far);
    far.say(plain(1, 'tools/call', { name: 'x' }));
    far.say(plain(2, 'tools/call', { name: 'x' }));
    expect(await ask(far, plain(3, 'tools/call', { name: 'x' }))).toMatchObject({ error: { code: 429 } });
    expect(await ask(far, plain(4, 'ping'))).toMatchObject({ result: {} });
    far.say(cancelled(1));
    expect(held[0]?.context.signal.aborted).toBe(true);
    held[0]?.fail(new Error('stopped'));
    await turn();
    far.say(plain(5, 'tools/call', { name: 'x' }));
    held[2]?.finish(DONE);
    expect(await answerTo(far, 5)).toMatchObject({ result: DONE });
    expect(held).toHaveLength(3);
  });

  test('a handler that takes too long is told to stop, and its request fails; a late result is dropped', async () => {
    const { far, held, clock } = await holding({ limits: { maxDuration: 5000, maxRunning: 1 } });
    far.say(modern(1, 'tools/call', { name: 'x' }));
    clock.advance(4999);
    expect(held[0]?.context.signal.aborted).toBe(false);
    clock.advance(1);
    expect(held[0]?.context.signal.aborted).toBe(true);
    expect(await answerTo(far, 1)).toMatchObject({ error: { code: -32603 } });
    held[0]?.finish(DONE);
    await turn();
    expect(far.heard).toHaveLength(1);
    far.say(modern(2, 'tools/call', { name: 'x' }));
    expect(held).toHaveLength(2);
  });

  test('ten minutes and 128 requests stand where nothing is said', async () => {
    const { far, held, clock } = await holding();
    for (let id = 1; id <= 129; id += 1) far.say(modern(id, 'tools/call', { name: 'x' }));
    expect(await answerTo(far, 129)).toMatchObject({ error: { code: 429 } });
    clock.advance(599_999);
    expect(held.some(({ context }) => context.signal.aborted)).toBe(false);
    clock.advance(1);
    expect(held.every(({ context }) => context.signal.aborted)).toBe(true);
  });
});

describe('cancellation', () => {
  test('aborts the handler once, with the reason, and no answer follows', async () => {
    const { far, held } = await holding();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    const reasons: unknown[] = [];
    held[0]?.context.signal.addEventListener('abort', () => reasons.push(held[0]?.context.signal.reason));
    far.say(cancelled(1, 'changed my mind'));
    far.say(cancelled(1, 'again'));
    expect(reasons).toEqual([
      expect.objectContaining({ message: expect.stringContaining('changed my mind') }),
    ]);
    held[0]?.finish(DONE);
    await turn();
    expect(far.heard).toEqual([]);
  });

  test('of a request whose handler never ends is not answered when its time is over either', async () => {
    const { far, clock } = await holding({ limits: { maxDuration: 1000 } });
    far.say(modern(1, 'tools/call', { name: 'x' }));
    far.say(cancelled(1));
    clock.advance(1000);
    await turn();
    expect(far.heard).toEqual([]);
  });

  test('of an unknown, finished or missing id is ignored', async () => {
    const { far, held } = await holding();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    for (const params of [
      { requestId: 12345 },
      { requestId: '1' },
      { requestId: null },
      { requestId: {} },
      {},
    ]) {
      far.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params });
    }
    far.say({ jsonrpc: '2.0', method: 'notifications/cancelled' });
    expect(held[0]?.context.signal.aborted).toBe(false);
    held[0]?.finish(DONE);
    await answerTo(far, 1);
    far.say(cancelled(1));
    expect(held[0]?.context.signal.aborted).toBe(false);
  });

  test('reaches only requests of its own link', async () => {
    const { far, held, dial } = await holding();
    const other = await dial();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    other.say(modern(1, 'tools/call', { name: 'x' }));
    other.say(cancelled(1));
    expect(held.map(({ context }) => context.signal.aborted)).toEqual([false, true]);
    held[0]?.finish(DONE);
    await answerTo(far, 1);
  });

  test('the end of the link aborts what runs on it, and leaves no timer behind', async () => {
    const { far, held, clock } = await holding();
    far.say(modern(1, 'tools/call', { name: 'x' }));
    const signal = held[0]?.context.signal;
    far.end(new Error('cable cut'));
    await turn();
    expect(signal?.reason).toMatchObject({ message: 'cable cut' });
    expect(clock.armed).toBe(0);
  });
});

describe('outcomes that no wire can carry', () => {
  const cyclic: Record<string, unknown> = { content: [] };
  cyclic['self'] = cyclic;
  const throwing = new Proxy(DONE, {
    get() {
      throw new Error('trap');
    },
  });
  const results: [string, unknown][] = [
    ['undefined', undefined],
    ['null', null],
    ['a text', 'done'],
    ['a list', [DONE]],
    ['a BigInt within', { content: [], big: 1n }],
    ['a cycle', cyclic],
    ['5,000 levels', { content: [], deep: deep(5000) }],
    ['a getter that throws', Object.defineProperty({}, 'content', { enumerable: true, get: () => boom() })],
    ['toJSON that throws', { content: [], odd: { toJSON: () => boom() } }],
    ['a proxy that throws', throwing],
    ['a thenable that throws', thenable(() => boom())],
    ['a thenable that cannot be asked', unreadableThenable()],
    [
      'a thenable that rejects twice',
      thenable((_resolve, reject) => [1, 2].forEach(() => reject(new Error('x')))),
    ],
  ];

  test.each(results)('a handler that returns %s fails its own request only', async (_name, result) => {
    const { server, dial, errors } = served();
    server.handle('tools/call', () => result as never);
    server.handle('prompts/get', async () => result as never);
    const far = await dial();
    const answers = [
      await ask(far, modern(1, 'tools/call', { name: 'x' })),
      await ask(far, modern(2, 'prompts/get', { name: 'x' })),
    ];
    for (const answer of answers) {
      expect(answer.error).toEqual({ code: -32603, message: 'Internal error' });
    }
    expect(errors).toHaveLength(2);
    expect(await ask(far, modern(3, 'server/discover'))).toHaveProperty('result');
  });
});

describe('odd throws', () => {
  const unreadable = Object.defineProperty(new Error('secret'), 'message', { get: () => boom() });
  const hostile = new Proxy(
    {},
    {
      get: () => boom(),
      has: () => boom(),
      getPrototypeOf: () => boom(),
    },
  );
  const thrown: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['a text', 'secret'],
    ['an error', new Error('secret')],
    ['a proxy whose traps throw', hostile],
    ['an error whose message cannot be read', unreadable],
  ];

  test.each(thrown)('%s becomes an internal error that tells nothing', async (_name, value) => {
    const { server, dial, errors } = served();
    server.handle('tools/call', () => {
      throw value as Error;
    });
    server.handle('prompts/get', () => Promise.reject(value as Error));
    const far = await dial();
    for (const request of [modern(1, 'tools/call', { name: 'x' }), modern(2, 'prompts/get', { name: 'x' })]) {
      expect(await ask(far, request)).toMatchObject({ error: { code: -32603, message: 'Internal error' } });
    }
    expect(errors).toHaveLength(2);
    expect(errors[0]).toBe(value);
    expect(JSON.stringify(far.heard)).not.toContain('secret');
  });

  test('a server whose onError throws answers all the same', async () => {
    const { server, dial } = served({
      onError() {
        throw new Error('broken logger');
      },
    });
    server.handle('tools/call', () => boom());
    server.handle('prompts/get', () => Promise.reject(new Error('x')));
    const far = await dial();
    expect(await ask(far, modern(1, 'tools/call', { name: 'x' }))).toMatchObject({ error: { code: -32603 } });
    expect(await ask(far, modern(2, 'prompts/get', { name: 'x' }))).toMatchObject({
      error: { code: -32603 },
    });
    far.say('{');
    expect(await far.next()).toMatchObject({ error: { code: -32700 } });
  });

  test('an error whose data no wire can carry is answered without it', async () => {
    const { server, dial } = served();
    server.handle('tools/call', () => {
      throw new RemoteError(4711, 'odd data', { big: 1n as never });
    });
    const far = await dial();
    expect(await ask(far, modern(1, 'tools/call', { name: 'x' }))).toMatchObject({ error: { code: -32603 } });
  });
});

function unreadableThenable(): object {
  return {
    // oxlint-disable-next-line unicorn/no-thenable -- that it cannot be asked whether it is one is what is tested
    get then() {
      return boom();
    },
  };
}

function boom(): never {
  throw new Error('boom');
}

function deep(levels: number): object {
  let value = {};
  for (let level = 0; level < levels; level += 1) value = { value };
  return value;
}
