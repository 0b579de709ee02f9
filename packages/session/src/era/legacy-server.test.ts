import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import type { Context } from '../context.ts';
import {
  answerTo,
  ask,
  cancelled,
  notification,
  open,
  plain,
  served,
  type Served,
} from '../fixtures/served.ts';
import { thenable, turn } from '../fixtures/within.ts';
import type { Frame, Wire } from '../fixtures/wire.ts';

const FORM = { type: 'object', properties: {} } as const;
const DONE = { content: [] };

/** A server with one tool, and an open legacy session with it. */
async function session(
  work: (context: Context, params: JsonObject) => unknown,
  options: Parameters<typeof served>[0] = {},
  opening: Parameters<typeof open>[1] = {},
): Promise<Served & { far: Wire }> {
  const subject = served(options);
  subject.server.handle('tools/call', (params: JsonObject, context) => work(context, params));
  const far = await subject.dial();
  await open(far, opening);
  return { ...subject, far };
}

function reply(far: Wire, question: Frame, result: unknown): void {
  far.say({ jsonrpc: '2.0', id: question.id as number, result: result as JsonObject });
}

function text(value: unknown): JsonObject {
  return { content: [{ type: 'text', text: JSON.stringify(value) }] };
}

async function elicit(context: Context, message = 'a'): Promise<unknown> {
  return (await context.ask.elicit({ message, requestedSchema: FORM })).content?.['value'];
}

describe('asking', () => {
  test('sends a real request while the call is open, and answers the call with what came of it', async () => {
    const { far } = await session(async (context) =>
      text([await elicit(context, 'a'), await elicit(context, 'b')]),
    );
    far.say(plain(1, 'tools/call', { name: 'x' }));
    for (const message of ['a', 'b']) {
      const question = await far.next('elicitation/create');
      expect(question.params).toMatchObject({ message, requestedSchema: FORM });
      reply(far, question, { action: 'accept', content: { value: message } });
    }
    expect(await answerTo(far, 1)).toMatchObject({ result: text(['a', 'b']) });
  });

  test('several questions at once are open at once and told apart', async () => {
    const { far } = await session(async (context) =>
      text(await Promise.all([elicit(context, 'a'), context.ask.roots().then(({ roots }) => roots.length)])),
    );
    far.say(plain(1, 'tools/call', { name: 'x' }));
    const form = await far.next('elicitation/create');
    const roots = await far.next('roots/list');
    reply(far, roots, { roots: [] });
    reply(far, form, { action: 'accept', content: { value: 'late' } });
    expect(await answerTo(far, 1)).toMatchObject({ result: text(['late', 0]) });
  });

  test('a client that cannot answer is not asked', async () => {
    const { far } = await session((context) => elicit(context), {}, { capabilities: { roots: {} } });
    const answer = await ask(far, plain(1, 'tools/call', { name: 'x' }));
    expect(answer).toMatchObject({ error: { code: -32600 } });
    expect(far.heard.some(({ method }) => method === 'elicitation/create')).toBe(false);
  });

  const nonsense: [string, unknown][] = [
    ['no action', {}],
    ['an action that is none', { action: 'maybe' }],
    ['content that is a list', { action: 'accept', content: [] }],
  ];

  test.each(nonsense)('an answer with %s fails the call, not the handler’s types', async (_name, result) => {
    const { far, errors } = await session((context) => elicit(context));
    far.say(plain(1, 'tools/call', { name: 'x' }));
    reply(far, await far.next('elicitation/create'), result);
    expect(await answerTo(far, 1)).toMatchObject({ error: { code: -32603 } });
    expect(errors).toMatchObject([{ name: 'ProtocolError', code: 'unexpected-shape' }]);
  });

  test('an error of the client reaches the handler with its code', async () => {
    const { far } = await session(async (context) => {
      const failure = await context.ask
        .sample({ messages: [], maxTokens: 1 })
        .catch((error: unknown) => error);
      return text((failure as { code: number }).code);
    });
    far.say(plain(1, 'tools/call', { name: 'x' }));
    const question = await far.next('sampling/createMessage');
    far.say({ jsonrpc: '2.0', id: question.id as number, error: { code: -1, message: 'the user said no' } });
    expect(await answerTo(far, 1)).toMatchObject({ result: text(-1) });
  });

  test('a cancelled call cancels its question, and is not answered', async () => {
    const { far } = await session((context) => elicit(context));
    far.say(plain(1, 'tools/call', { name: 'x' }));
    const question = await far.next('elicitation/create');
    far.say(cancelled(1));
    expect(await far.next('notifications/cancelled')).toMatchObject({ params: { requestId: question.id } });
    reply(far, question, { action: 'accept' });
    await turn();
    expect(far.heard.filter(({ id, method }) => id === 1 && method === undefined)).toEqual([]);
    expect(await ask(far, plain(2, 'ping'))).toHaveProperty('result');
  });

  test('a handler whose time is over leaves no question open', async () => {
    const { far, clock } = await session((context) => elicit(context), { limits: { maxDuration: 1000 } });
    far.say(plain(1, 'tools/call', { name: 'x' }));
    const question = await far.next('elicitation/create');
    clock.advance(1000);
    expect(await answerTo(far, 1)).toMatchObject({ error: { code: -32603 } });
    const notices = far.heard.filter(({ method }) => method === 'notifications/cancelled');
    expect(notices).toMatchObject([{ params: { requestId: question.id } }]);
  });

  test('the end of the link fails what was asked', async () => {
    const { far, errors } = await session(async (context) => {
      const failure = await elicit(context).catch((error: unknown) => error);
      errors.push(failure);
      return DONE;
    });
    far.say(plain(1, 'tools/call', { name: 'x' }));
    await far.next('elicitation/create');
    far.end();
    await turn();
    expect(errors).toMatchObject([{ code: 'link-lost' }]);
  });

  test('no more than 32 questions are open to one client', async () => {
    const { far, errors } = await session((context) =>
      Promise.all(Array.from({ length: 33 }, (_, at) => elicit(context, `${at}`))),
    );
    expect(await ask(far, plain(1, 'tools/call', { name: 'x' }))).toMatchObject({ error: { code: -32603 } });
    expect(errors).toMatchObject([{ code: 'overloaded' }]);
    expect(far.heard.filter(({ method }) => method === 'elicitation/create')).toHaveLength(32);
  });

  test('an effect runs once although it is named twice', async () => {
    let runs = 0;
    const { far } = await session(async (context) => {
      const values = [await context.once('x', () => (runs += 1)), await context.once('x', () => (runs += 1))];
      return text(values);
    });
    expect(await ask(far, plain(1, 'tools/call', { name: 'x' }))).toMatchObject({ result: text([1, 1]) });
    await ask(far, plain(2, 'tools/call', { name: 'x' }));
    expect(runs).toBe(2);
  });
});

describe('a handler that returns what it needs', () => {
  const returning = (_context: Context, { inputResponses, requestState }: JsonObject): JsonObject => {
    if (inputResponses) return text([inputResponses, requestState]);
    const params = { message: 'a', requestedSchema: FORM } as unknown as JsonObject;
    return {
      resultType: 'input_required',
      inputRequests: { mine: { method: 'elicitation/create', params } },
      requestState: 'mine alone',
    };
  };

  test.each([
    ['at once', (result: JsonObject): unknown => result],
    ['as a promise', async (result: JsonObject): Promise<JsonObject> => result],
    ['as a thenable', (result: JsonObject): unknown => thenable((resolve) => resolve(result))],
  ])('%s is asked for and runs again', async (_name, wrap) => {
    const { far } = await session((context, params) => wrap(returning(context, params)));
    far.say(plain(1, 'tools/call', { name: 'x' }));
    reply(far, await far.next('elicitation/create'), { action: 'decline' });
    expect(await answerTo(far, 1)).toMatchObject({
      result: text([{ mine: { action: 'decline' } }, 'mine alone']),
    });
  });

  test('for ever is given up after ten rounds', async () => {
    let runs = 0;
    const { far, errors } = await session(() => {
      runs += 1;
      return { resultType: 'input_required', requestState: 'again' };
    });
    expect(await ask(far, plain(1, 'tools/call', { name: 'x' }))).toMatchObject({ error: { code: -32603 } });
    expect(errors).toMatchObject([{ code: 'too-many-rounds' }]);
    expect(runs).toBe(11);
  });
});

describe('changes', () => {
  const CAPABILITIES = {
    tools: { listChanged: true },
    prompts: {},
    resources: { subscribe: true, listChanged: false },
  };

  async function watched(): Promise<Served & { far: Wire }> {
    return session(() => DONE, { capabilities: CAPABILITIES });
  }

  async function changesHeard(far: Wire): Promise<unknown[]> {
    await turn();
    return far.heard
      .filter(({ method }) => method?.startsWith('notifications/'))
      .map(({ method, params }) => params?.['uri'] ?? method);
  }

  test('of lists reach the client unasked where the server declared that they do', async () => {
    const { server, far } = await watched();
    for (const kind of ['tools', 'prompts', 'resources'] as const) server.changed({ kind });
    expect(await changesHeard(far)).toEqual(['notifications/tools/list_changed']);
  });

  test('of a resource reach those who subscribed to it, until they unsubscribe', async () => {
    const { server, far } = await watched();
    expect(await ask(far, plain(1, 'resources/subscribe', { uri: 'file:///a' }))).toMatchObject({
      result: {},
    });
    server.changed({ kind: 'resource', uri: 'file:///a' });
    server.changed({ kind: 'resource', uri: 'file:///b' });
    expect(await changesHeard(far)).toEqual(['file:///a']);
    expect(await ask(far, plain(2, 'resources/unsubscribe', { uri: 'file:///a' }))).toMatchObject({
      result: {},
    });
    server.changed({ kind: 'resource', uri: 'file:///a' });
    expect(await changesHeard(far)).toEqual(['file:///a']);
  });

  test('are not sent before the client is ready, and what it subscribed to before is kept', async () => {
    const { server, dial } = served({ capabilities: CAPABILITIES });
    const far = await dial();
    await ask(far, {
      ...plain(0, 'initialize', {
        protocolVersion: '2025-11-25',
        capabilities: {},
        clientInfo: { name: 'x', version: '1' },
      }),
    });
    await ask(far, plain(1, 'resources/subscribe', { uri: 'file:///a' }));
    server.changed({ kind: 'tools' });
    expect(await changesHeard(far)).toEqual([]);
    far.say(notification('notifications/initialized'));
    far.say(notification('notifications/initialized'));
    server.changed({ kind: 'tools' });
    server.changed({ kind: 'resource', uri: 'file:///a' });
    expect(new Set(await changesHeard(far))).toEqual(
      new Set(['file:///a', 'notifications/tools/list_changed']),
    );
  });

  test('are not sent to who says it is ready and has opened nothing', async () => {
    const { server, dial } = served({ capabilities: CAPABILITIES });
    const far = await dial();
    far.say(notification('notifications/initialized'));
    server.changed({ kind: 'tools' });
    expect(await changesHeard(far)).toEqual([]);
    await open(far);
    server.changed({ kind: 'tools' });
    expect(await changesHeard(far)).toEqual(['notifications/tools/list_changed']);
  });

  test('cannot be subscribed to where the server does not offer it, or with what is no URI', async () => {
    const { far } = await session(() => DONE);
    expect(await ask(far, plain(1, 'resources/subscribe', { uri: 'file:///a' }))).toMatchObject({
      error: { code: -32601 },
    });
    const other = await watched();
    for (const uri of [7, null, undefined, {}, 'x'.repeat(10_000)]) {
      const request = plain(1, 'resources/subscribe', { uri });
      expect(await ask(other.far, request)).toMatchObject({ error: { code: -32602 } });
    }
  });

  test('of more than 1,024 resources are too many for one client', async () => {
    const { far } = await watched();
    for (let id = 1; id <= 1024; id += 1) far.say(plain(id, 'resources/subscribe', { uri: `file:///${id}` }));
    await answerTo(far, 1024);
    expect(far.heard.filter(({ error }) => error)).toEqual([]);
    expect(await ask(far, plain(1025, 'resources/subscribe', { uri: 'file:///more' }))).toMatchObject({
      error: { code: 429 },
    });
    expect(await ask(far, plain(1026, 'resources/subscribe', { uri: 'file:///1' }))).toMatchObject({
      result: {},
    });
    await ask(far, plain(1027, 'resources/unsubscribe', { uri: 'file:///1' }));
    expect(await ask(far, plain(1028, 'resources/subscribe', { uri: 'file:///more' }))).toMatchObject({
      result: {},
    });
  });

  test('end with the link', async () => {
    const { server, far } = await watched();
    far.end();
    await turn();
    server.changed({ kind: 'tools' });
    expect(await changesHeard(far)).toEqual([]);
  });
});
