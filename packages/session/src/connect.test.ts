import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { connect } from './connect.ts';
import { connected } from './fixtures/connected.ts';
import { FakeClock } from './fixtures/fake-clock.ts';
import { rejection, turn, watch, within } from './fixtures/within.ts';
import type { Change } from './subscriptions.ts';

const ERAS = ['modern', 'legacy'] as const;
const TOOL = { content: [{ type: 'text', text: 'ok' }] };

describe.each(ERAS)('a %s client', (era) => {
  const defective: [string, object][] = [
    ['both a result and an error', { result: {}, error: { code: 1, message: 'x' } }],
    ['neither', {}],
    ['an error that is a text', { error: 'boom' }],
    ['an error without a message', { error: { code: -32000 } }],
    ['a code that is no number', { error: { code: 'x', message: 'x' } }],
    ['a result that is a list', { result: [] }],
    ['a result that is null', { result: null }],
    ['a tool result without content', { result: { structuredContent: {} } }],
  ];

  test.each(defective)('fails the call at once that is answered with %s', async (_name, answer) => {
    const { client, far } = await connected(era);
    const call = rejection(client.callTool('x'));
    const { id } = await far.next('tools/call');
    far.say({ jsonrpc: '2.0', id: id as number, ...answer });
    expect(await call).toMatchObject({ name: 'ProtocolError', code: 'unexpected-shape' });
    await goesOn();

    async function goesOn(): Promise<void> {
      const next = client.callTool('x');
      const request = await far.next('tools/call');
      far.say({ jsonrpc: '2.0', id: request.id as number, result: TOOL });
      expect(await next).toMatchObject(TOOL);
      await client.close();
    }
  });

  const unasked: [string, string][] = [
    ['an answer to nothing', '{"jsonrpc":"2.0","id":999,"result":{}}'],
    ['an answer to somebody else', '{"jsonrpc":"2.0","id":"1","result":{}}'],
    ['an error about nothing', '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}'],
    ['an error without an id', '{"jsonrpc":"2.0","error":{"code":-32600,"message":"no"}}'],
    ['what is no JSON', '{nope'],
    ['a banner', 'listening on stdio'],
    ['an array of nothing', '[]'],
  ];

  test.each(unasked)('survives %s, answers nothing and says so once', async (_name, frame) => {
    const { client, far, logged } = await connected(era);
    const call = watch(client.callTool('x'));
    const { id } = await far.next('tools/call');
    const sent = far.heard.length;
    far.say(frame);
    await turn();
    expect(call.outcome).toBeUndefined();
    expect(far.heard).toHaveLength(sent);
    expect(logged).toHaveLength(1);
    far.say({ jsonrpc: '2.0', id: id as number, result: TOOL });
    await turn();
    expect(call.outcome).toMatchObject({ value: TOOL });
    await client.close();
  });

  test('ignores a second answer and a late one without a word', async () => {
    const { client, far, clock, logged } = await connected(era);
    const first = client.callTool('x');
    const { id } = await far.next('tools/call');
    for (let count = 0; count < 2; count += 1) far.say({ jsonrpc: '2.0', id: id as number, result: TOOL });
    await first;
    const second = rejection(client.callTool('x', {}, { timeout: 10 }));
    const late = await far.next('tools/call');
    clock.advance(10);
    expect(await second).toMatchObject({ code: 'timed-out' });
    far.say({ jsonrpc: '2.0', id: late.id as number, result: TOOL });
    await turn();
    expect(logged).toEqual([]);
    await client.close();
  });

  test('survives a server that never stops talking nonsense until it is too much', async () => {
    const { client, far } = await connected(era);
    for (let count = 0; count < 100; count += 1) far.say('nonsense');
    expect(await within(client.closed, 'the end')).toMatchObject({
      by: 'local',
      cause: { code: 'malformed' },
    });
    expect(far.closes).toBe(1);
  });

  test('hears notifications, whatever its own listeners throw', async () => {
    const heard: unknown[] = [];
    const fail = (what: unknown): never => {
      heard.push(what);
      throw new Error('broken listener');
    };
    const { client, far, logged } = await connected(
      era,
      {},
      {
        onChange: (change: Change) => fail(change.kind),
        onLog: ({ level }) => fail(level),
        onNotification: ({ method }) => Promise.reject(new Error(`${heard.push(method)}`)) as never,
      },
    );
    far.say({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
    far.say({ jsonrpc: '2.0', method: 'notifications/message', params: { level: 'info', data: 1 } });
    far.say({ jsonrpc: '2.0', method: 'notifications/odd' });
    far.say({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken: 'nope', progress: 1 },
    });
    await turn();
    expect(heard).toEqual(['tools', 'info', 'notifications/odd', 'notifications/progress']);
    expect(logged).toHaveLength(4);
    await client.close();
  });

  test('is not harmed by a logger that throws', async () => {
    const log = (): never => {
      throw new Error('broken logger');
    };
    const { client, far } = await connected(era, {}, { logger: { debug: log, warn: log, error: log } });
    far.say('nonsense');
    far.say({ jsonrpc: '2.0', id: 999, result: {} });
    far.say({ jsonrpc: '2.0', id: 1, method: 'nope' });
    const call = client.callTool('x');
    const { id } = await far.next('tools/call');
    far.say({ jsonrpc: '2.0', id: id as number, result: TOOL });
    expect(await call).toMatchObject(TOOL);
    await client.close();
  });
});

describe('a modern server that asks', () => {
  test('is never answered, also while the session is being opened', async () => {
    let asked = 0;
    const onSample = (): never => {
      asked += 1;
      throw new Error('asked');
    };
    const { client, far, logged } = await connected('modern', {}, { onSample });
    const sent = far.heard.length;
    far.say({ jsonrpc: '2.0', id: 'srv1', method: 'sampling/createMessage', params: {} });
    far.say({ jsonrpc: '2.0', id: 'srv2', method: 'ping' });
    await turn();
    expect(far.heard).toHaveLength(sent);
    expect(asked).toBe(0);
    expect(logged.map(({ data }) => (data as { code: string }).code)).toEqual(['not-allowed', 'not-allowed']);
    await client.close();
  });

  test('may end a request of the client, which fails it at once', async () => {
    const { client, far } = await connected('modern');
    const call = rejection(client.callTool('x'));
    const { id } = await far.next('tools/call');
    far.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id as number } });
    expect(await call).toMatchObject({ code: 'link-lost' });
    await client.close();
  });
});

describe('a legacy server that asks', () => {
  const FORM = { message: 'a', requestedSchema: { type: 'object', properties: {} } };

  test('is answered by the client’s own handlers, and what has no handler is unknown', async () => {
    const { client, far } = await connected(
      'legacy',
      {},
      {
        onElicit: ({ message }) => ({ action: 'accept', content: { message } }),
        roots: [{ uri: 'file:///a' }],
      },
    );
    far.say({ jsonrpc: '2.0', id: 1, method: 'elicitation/create', params: FORM });
    expect(await far.next((frame) => frame.id === 1 && 'result' in frame)).toMatchObject({
      result: { action: 'accept', content: { message: 'a' } },
    });
    far.say({ jsonrpc: '2.0', id: 'r', method: 'roots/list' });
    expect(await far.next((frame) => frame.id === 'r')).toMatchObject({
      result: { roots: [{ uri: 'file:///a' }] },
    });
    for (const method of ['sampling/createMessage', 'constructor', 'tools/call']) {
      far.say({ jsonrpc: '2.0', id: method, method, params: {} });
      expect(await far.next((frame) => frame.id === method)).toMatchObject({ error: { code: -32601 } });
    }
    await client.close();
  });

  test('cancels what it asked, and never what it was asked under the same id', async () => {
    let signal: AbortSignal | undefined;
    const { client, far } = await connected(
      'legacy',
      {},
      {
        onElicit: (_params, context) => {
          ({ signal } = context);
          return new Promise(() => {});
        },
      },
    );
    const call = watch(client.callTool('x'));
    const { id } = await far.next('tools/call');
    far.say({ jsonrpc: '2.0', id: id as number, method: 'elicitation/create', params: FORM });
    await turn();
    far.say({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id as number } });
    await turn();
    expect(signal?.aborted).toBe(true);
    expect(call.outcome).toBeUndefined();
    far.say({ jsonrpc: '2.0', id: id as number, result: TOOL });
    await turn();
    expect(call.outcome).toMatchObject({ value: TOOL });
    expect(far.heard.filter((frame) => 'result' in frame)).toEqual([]);
    await client.close();
  });

  test('is told that the client is busy rather than given more than 128 questions at once', async () => {
    const { client, far } = await connected('legacy', {}, { onElicit: () => new Promise(() => {}) });
    for (let id = 1; id <= 129; id += 1)
      far.say({ jsonrpc: '2.0', id, method: 'elicitation/create', params: FORM });
    expect(await far.next((frame) => frame.id === 129)).toMatchObject({ error: { code: 429 } });
    far.say({ jsonrpc: '2.0', id: 'p', method: 'ping' });
    expect(await far.next((frame) => frame.id === 'p')).toMatchObject({ result: {} });
    await client.close();
  });

  const undeclared: [string, string, JsonObject][] = [
    [
      'a URL where only forms are declared',
      'elicitation/create',
      { mode: 'url', url: 'https://x', message: 'a', elicitationId: '1' },
    ],
    [
      'tools in sampling where they are not declared',
      'sampling/createMessage',
      { messages: [], maxTokens: 1, tools: [] },
    ],
  ];

  test.each(undeclared)('is refused %s', async (_name, method, params) => {
    let asked = 0;
    const { client, far } = await connected(
      'legacy',
      {},
      {
        capabilities: { elicitation: { form: {} }, sampling: {} },
        onElicit: () => {
          asked += 1;
          return { action: 'decline' };
        },
        onSample: () => {
          asked += 1;
          throw new Error('asked');
        },
      },
    );
    far.say({ jsonrpc: '2.0', id: 1, method, params });
    expect(await far.next((frame) => frame.id === 1 && 'error' in frame)).toMatchObject({
      error: { code: -32602 },
    });
    expect(asked).toBe(0);
    await client.close();
  });
});

test('connect without a dial is a mistake in the program', async () => {
  expect(await rejection(connect([], { clock: new FakeClock() }))).toMatchObject({ code: 'misuse' });
});
