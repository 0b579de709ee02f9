import type { JsonObject, JsonRpcErrorResponse, JsonRpcMessage } from '@trunkline/protocol';
import type { Batch, EncodedResponse, Exchange, Origin } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { initialize, modern, notification, plain, served } from './fixtures/served.ts';
import type { Frame } from './fixtures/wire.ts';
import { turn, within } from './fixtures/within.ts';

const DONE = { content: [] };

interface Lane {
  readonly exchange: Exchange;
  readonly sent: Frame[];
  /** The response, once it has come. */
  readonly answer: () => Promise<Frame>;
  /** The client went away. */
  readonly leave: (reason: Error) => void;
}

/** The lane of one self-contained request. */
function lane(origin: Origin = {}, batch?: Batch): Lane {
  const sent: Frame[] = [];
  const gone = new AbortController();
  let settle: (answer: Frame) => void = () => {};
  const answer = new Promise<Frame>((resolve) => (settle = resolve));
  const exchange: Exchange = {
    signal: gone.signal,
    origin,
    scope: {},
    ...(batch && { batch }),
    async send(message: JsonRpcMessage | EncodedResponse) {
      const text =
        'json' in message
          ? `{"id":${JSON.stringify(message.id)},"result":${message.json}}`
          : JSON.stringify(message);
      const frame = JSON.parse(text) as Frame;
      sent.push(frame);
      if (frame.method === undefined) settle(frame);
    },
    end() {},
  };
  return { exchange, sent, answer: () => within(answer, 'an answer'), leave: (reason) => gone.abort(reason) };
}

function as(message: JsonObject): JsonRpcMessage {
  return message as unknown as JsonRpcMessage;
}

describe('a request that stands alone', () => {
  test('is answered on its own lane, whatever ids others have', async () => {
    const { server } = served();
    server.handle('tools/call', async ({ name }) => ({ content: [{ type: 'text', text: name }] }));
    const lanes = ['a', 'b'].map((name) => {
      const own = lane();
      server.exchange(as(modern(1, 'tools/call', { name })), own.exchange);
      return own;
    });
    const answers = await Promise.all(lanes.map(({ answer }) => answer()));
    expect(answers).toMatchObject([
      { id: 1, result: { content: [{ text: 'a' }] } },
      { id: 1, result: { content: [{ text: 'b' }] } },
    ]);
  });

  test('is told to stop when its client goes away, and is not answered then', async () => {
    const { server } = served();
    let signal: AbortSignal | undefined;
    server.handle('tools/call', (_params, context) => {
      ({ signal } = context);
      return new Promise<never>((_, reject) => {
        context.signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
      });
    });
    const own = lane();
    server.exchange(as(modern(1, 'tools/call', { name: 'x' })), own.exchange);
    own.leave(new Error('left'));
    await turn();
    expect(signal?.reason).toMatchObject({ message: 'left' });
    expect(own.sent).toEqual([]);
  });

  test('whose client was gone before is told so at once', async () => {
    const { server } = served();
    const reasons: unknown[] = [];
    server.handle('tools/call', (_params, { signal }) => {
      reasons.push(signal.reason);
      return DONE;
    });
    const own = lane();
    own.leave(new Error('left'));
    server.exchange(as(modern(1, 'tools/call', { name: 'x' })), own.exchange);
    await turn();
    expect(reasons).toMatchObject([{ message: 'left' }]);
  });

  test('cannot be cancelled by another', async () => {
    const { server } = served();
    let finish = (): void => {};
    server.handle('tools/call', () => new Promise((resolve) => (finish = () => resolve(DONE))));
    const own = lane();
    server.exchange(as(modern(1, 'tools/call', { name: 'x' })), own.exchange);
    server.exchange(as(notification('notifications/cancelled', { requestId: 1 })), lane().exchange);
    finish();
    expect(await own.answer()).toHaveProperty('result');
  });

  test('may come more often than once a process can bear only so often', async () => {
    const { server } = served({ limits: { maxExchanges: 2 } });
    server.handle('tools/call', () => new Promise(() => {}));
    const lanes = [1, 2, 3].map((id) => {
      const own = lane();
      server.exchange(as(modern(id, 'tools/call', { name: 'x' })), own.exchange);
      return own;
    });
    expect(await lanes[2]?.answer()).toMatchObject({ error: { code: 429 } });
    await server.close({ grace: 0 });
  });
});

describe('a legacy request that stands alone', () => {
  test('is in the revision that its envelope claims, else in the one that is assumed', async () => {
    const { server } = served();
    const revisions: string[] = [];
    server.handle('tools/call', (_params, { revision, era }) => {
      revisions.push(`${era} ${revision}`);
      return DONE;
    });
    for (const origin of [
      {},
      { revision: '2025-06-18' },
      { revision: '1999-01-01' },
      { revision: '2026-07-28' },
    ]) {
      const own = lane(origin);
      server.exchange(as(plain(1, 'tools/call', { name: 'x' })), own.exchange);
      await own.answer();
    }
    expect(revisions).toEqual([
      'legacy 2025-03-26',
      'legacy 2025-06-18',
      'legacy 2025-03-26',
      'legacy 2025-03-26',
    ]);
  });

  test('cannot ask its client, and says so', async () => {
    const { server, errors } = served();
    server.handle('tools/call', async (_params, context) => {
      await context.ask.roots();
      return DONE;
    });
    const own = lane();
    server.exchange(as(plain(1, 'tools/call', { name: 'x' })), own.exchange);
    expect(await own.answer()).toHaveProperty('error');
    expect(errors.every((error) => (error as { code: string }).code === 'capability-missing')).toBe(true);
  });

  test('opens no session', async () => {
    const { server } = served();
    server.handle('tools/list', () => ({ tools: [] }));
    for (const request of [
      initialize(1),
      plain(2, 'tools/list'),
      plain(3, 'logging/setLevel', { level: 'info' }),
    ]) {
      const own = lane();
      server.exchange(as(request), own.exchange);
      await own.answer();
    }
    const second = lane();
    server.exchange(as(initialize(4)), second.exchange);
    expect(await second.answer()).toHaveProperty('result');
  });

  test('may come in a batch only where the revision has them', async () => {
    for (const [revision, runs] of [
      ['2025-03-26', 2],
      ['2025-06-18', 0],
    ] as const) {
      const { server } = served();
      let count = 0;
      server.handle('tools/list', () => {
        count += 1;
        return { tools: [] };
      });
      const messages = [as(plain(1, 'tools/list')), as(plain(2, 'tools/list'))];
      const refusals: JsonRpcErrorResponse[] = [];
      const batch: Batch = { messages, refuse: (answer) => void refusals.push(answer) };
      for (const message of messages) {
        const own = lane({ revision }, batch);
        server.exchange(message, own.exchange);
      }
      await turn();
      expect([count, ...refusals.map(({ error }) => error.code)]).toEqual(runs === 0 ? [0, -32600] : [runs]);
    }
  });
});

test('an answer that comes alone is ignored', async () => {
  const { server, errors } = served();
  const own = lane();
  server.exchange({ jsonrpc: '2.0', id: 1, result: {} }, own.exchange);
  await turn();
  expect([own.sent, errors]).toEqual([[], []]);
});
