import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import {
  answerTo,
  ask,
  cancelled,
  initialize,
  modern,
  MODERN,
  NEWEST_LEGACY,
  notification,
  open,
  plain,
} from './fixtures/served.ts';
import { listing } from './fixtures/listing.ts';
import { turn, watch } from './fixtures/within.ts';

const DONE = { content: [] };
const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

/** A request whose `_meta` is what a test says. */
function withMeta(id: number, _meta: unknown): JsonObject {
  return plain(id, 'tools/list', { _meta } as JsonObject);
}

describe('which era a request is in', () => {
  test('a request with its own envelope is served without a session, before and after one is opened', async () => {
    const { far } = await listing();
    expect(await ask(far, modern(1, 'tools/list'))).toMatchObject({
      result: { resultType: 'complete', tools: [] },
    });
    await open(far);
    expect(await ask(far, modern(2, 'tools/list'))).toMatchObject({ result: { resultType: 'complete' } });
    const legacy = await ask(far, plain(3, 'tools/list'));
    expect(legacy.result).toEqual({ tools: [] });
  });

  test('a request without either is refused, and no handler runs', async () => {
    const { far, runs } = await listing();
    expect(await ask(far, plain(1, 'tools/list'))).toMatchObject({ error: { code: -32600 } });
    expect(await ask(far, plain(2, 'ping'))).toMatchObject({ result: {} });
    expect(await ask(far, plain(3, 'notifications/initialized'))).toMatchObject({ error: { code: -32600 } });
    expect(runs()).toBe(0);
  });

  const defects: [string, unknown, number][] = [
    ['a list', [], -32602],
    ['a text', 'x', -32602],
    ['null', null, -32602],
    ['no capabilities', { 'io.modelcontextprotocol/protocolVersion': MODERN }, -32602],
    ['no version', { 'io.modelcontextprotocol/clientCapabilities': {} }, -32602],
    ['a version that is a number', meta(20260728), -32602],
    ['capabilities that are a list', meta(MODERN, []), -32602],
    ['a capability that is a flag', meta(MODERN, { sampling: true }), -32602],
    ['an unknown version', meta('1900-01-01'), -32022],
    ['a legacy version', meta(NEWEST_LEGACY), -32022],
  ];

  test.each(defects)('an envelope with %s is never mistaken for none', async (_name, _meta, code) => {
    const { far, runs } = await listing();
    await open(far);
    expect(await ask(far, withMeta(1, _meta))).toMatchObject({ id: 1, error: { code } });
    expect(runs()).toBe(0);
  });

  test('an unsupported version is answered with those that are', async () => {
    const { far } = await listing();
    const { error } = await ask(far, withMeta(1, meta('1900-01-01')));
    expect(error?.data).toEqual({ requested: '1900-01-01', supported: [MODERN] });
  });

  test('a method of the other era is unknown', async () => {
    const { far } = await listing();
    for (const method of ['ping', 'initialize', 'logging/setLevel', 'resources/subscribe']) {
      expect(await ask(far, modern(1, method))).toMatchObject({ error: { code: -32601 } });
    }
    await open(far);
    for (const method of ['server/discover', 'subscriptions/listen']) {
      expect(await ask(far, plain(2, method))).toMatchObject({ error: { code: -32601 } });
    }
  });

  test.each(['constructor', '__proto__', 'toString', 'rpc.discover', 'nope'])(
    '%s is no method',
    async (method) => {
      const { far } = await listing();
      await open(far);
      expect(await ask(far, modern(1, method))).toMatchObject({ error: { code: -32601 } });
      expect(await ask(far, plain(2, method))).toMatchObject({ error: { code: -32601 } });
    },
  );

  test('a modern-only server names its versions to whoever opens with initialize', async () => {
    const { far, runs } = await listing({ eras: ['modern'] });
    const answer = await ask(far, initialize(1));
    expect(answer).toMatchObject({
      error: { code: -32022, data: { requested: NEWEST_LEGACY, supported: [MODERN] } },
    });
    expect(await ask(far, plain(2, 'tools/list', {}))).toMatchObject({ error: { code: -32602 } });
    expect(await ask(far, plain(3, 'ping'))).toMatchObject({ error: { code: -32602 } });
    expect(runs()).toBe(0);
  });

  test('a legacy-only server serves nobody without initialize', async () => {
    const { far, runs } = await listing({ eras: ['legacy'] });
    expect(await ask(far, modern(1, 'server/discover'))).toHaveProperty('error');
    expect(await ask(far, modern(2, 'tools/list'))).toHaveProperty('error');
    expect(runs()).toBe(0);
    await open(far);
    expect(await ask(far, plain(3, 'tools/list'))).toMatchObject({ result: { tools: [] } });
  });
});

describe('initialize', () => {
  test.each(LEGACY_REVISIONS)('agrees on %s where the client asks for it', async (revision) => {
    const { far } = await listing();
    expect(await open(far, { revision })).toMatchObject({ result: { protocolVersion: revision } });
  });

  test.each(['9999-99-99', MODERN, ''])('answers %j with the newest legacy revision', async (revision) => {
    const { far } = await listing();
    expect(await open(far, { revision })).toMatchObject({ result: { protocolVersion: NEWEST_LEGACY } });
  });

  const broken: [string, JsonObject][] = [
    ['a version that is no text', { protocolVersion: 20251125 }],
    ['no version', { protocolVersion: undefined }],
    ['capabilities that are a list', { capabilities: [] }],
    ['no capabilities', { capabilities: undefined }],
    ['no clientInfo', { clientInfo: undefined }],
    ['a nameless clientInfo', { clientInfo: { version: '1' } }],
    ['a clientInfo that is a list', { clientInfo: [] }],
  ];

  test.each(broken)('with %s opens nothing', async (_name, change) => {
    const { far } = await listing();
    const params = {
      protocolVersion: NEWEST_LEGACY,
      capabilities: {},
      clientInfo: { name: 'x', version: '1' },
    };
    const answer = await ask(far, plain(1, 'initialize', { ...params, ...change }));
    expect(answer).toMatchObject({ id: 1, error: { code: -32602 } });
    expect(await ask(far, plain(2, 'tools/list'))).toMatchObject({ error: { code: -32600 } });
    expect(await open(far)).toHaveProperty('result');
  });

  test('is refused a second time and leaves the session as it is', async () => {
    const { server, far } = await listing();
    const revisions: string[] = [];
    server.handle('tools/call', (_params, { revision }) => {
      revisions.push(revision);
      return DONE;
    });
    await open(far, { revision: '2025-06-18' });
    expect(await ask(far, initialize(1))).toMatchObject({ error: { code: -32600 } });
    await ask(far, plain(2, 'tools/call', { name: 'x' }));
    expect(revisions).toEqual(['2025-06-18']);
  });

  test('believes no capability that the client did not declare itself', async () => {
    const { server, far } = await listing();
    server.handle('tools/call', async (_params, context) => {
      await context.ask.sample({ messages: [], maxTokens: 1 });
      return DONE;
    });
    const request = JSON.stringify(initialize(1, { capabilities: {} })).replace(
      '"capabilities":{}',
      '"capabilities":{"__proto__":{"sampling":{}}}',
    );
    far.say(request);
    expect(await answerTo(far, 1)).toHaveProperty('result');
    far.say(notification('notifications/initialized'));
    expect(await ask(far, plain(2, 'tools/call', { name: 'x' }))).toHaveProperty('error');
    expect(far.heard.some(({ method }) => method === 'sampling/createMessage')).toBe(false);
    expect(({} as { sampling?: unknown }).sampling).toBeUndefined();
  });

  test('keeps no more of a client’s name than identifies it', async () => {
    const { server, far } = await listing();
    const lengths: unknown[] = [];
    server.handle('tools/call', (_params, { clientInfo }) => {
      lengths.push(JSON.stringify(clientInfo).length);
      return DONE;
    });
    const long = 'n'.repeat(200_000);
    const clientInfo = { name: long, version: long, title: long, websiteUrl: long, icons: [{ src: long }] };
    const params = { protocolVersion: NEWEST_LEGACY, capabilities: {}, clientInfo };
    expect(await ask(far, plain(1, 'initialize', params))).toHaveProperty('result');
    await ask(far, plain(2, 'tools/call', { name: 'x' }));
    expect(lengths[0]).toBeLessThan(4096);
  });

  test('refuses capabilities that are larger than any need to be', async () => {
    const { far } = await listing();
    const request = initialize(1, { capabilities: { experimental: { x: { text: 'n'.repeat(200_000) } } } });
    expect(await ask(far, request)).toMatchObject({ error: { code: -32602 } });
    expect(await open(far)).toHaveProperty('result');
  });

  test('cannot be cancelled, however long it takes', async () => {
    const { server, far } = await listing();
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    server.use((next) => async (params, context) => {
      await gate;
      return next(params, context);
    });
    far.say(initialize(0));
    far.say(cancelled(0));
    go();
    expect(await answerTo(far, 0)).toHaveProperty('result');
    expect(await ask(far, plain(1, 'tools/list'))).toHaveProperty('result');
  });
});

describe('what a server offers', () => {
  test('is what its handlers show, and what it declares beside', async () => {
    const { server, far } = await listing({ capabilities: { tools: { listChanged: true }, logging: {} } });
    server.handle('prompts/get', () => ({ messages: [] }));
    server.handle('resources/templates/list', () => ({ resourceTemplates: [] }));
    server.handle('completion/complete', () => ({ completion: { values: [] } }));
    const { result } = await ask(far, modern(1, 'server/discover'));
    expect(result).toMatchObject({
      supportedVersions: [MODERN],
      capabilities: {
        tools: { listChanged: true },
        prompts: {},
        resources: {},
        completions: {},
        logging: {},
      },
    });
    server.remove('prompts/get');
    expect(server.capabilities).not.toHaveProperty('prompts');
  });

  test('may be called what objects have by themselves', async () => {
    const { server, far } = await listing();
    server.handle('constructor', () => ({ mine: true }));
    expect(await ask(far, modern(1, 'constructor'))).toMatchObject({ result: { mine: true } });
  });
});

describe('closing', () => {
  test('lets running handlers answer, then closes the links', async () => {
    const { server, far } = await listing();
    let finish = (): void => {};
    server.handle('tools/call', () => new Promise((resolve) => (finish = () => resolve(DONE))));
    far.say(modern(1, 'tools/call', { name: 'x' }));
    const closing = server.close();
    await turn();
    expect(far.closes).toBe(0);
    finish();
    expect(await answerTo(far, 1)).toHaveProperty('result');
    await closing;
    expect(far.closes).toBe(1);
  });

  test('waits no longer than its grace, then tells handlers to stop', async () => {
    const { server, far, clock } = await listing();
    let aborted = 0;
    server.handle('tools/call', (_params, { signal }) => {
      signal.addEventListener('abort', () => (aborted += 1));
      return new Promise(() => {});
    });
    far.say(modern(1, 'tools/call', { name: 'x' }));
    const closing = watch(server.close({ grace: 500 }));
    clock.advance(499);
    await turn();
    expect({ aborted, outcome: closing.outcome }).toEqual({ aborted: 0, outcome: undefined });
    clock.advance(1);
    await turn();
    expect({ aborted, closes: far.closes, armed: clock.armed }).toEqual({ aborted: 1, closes: 1, armed: 0 });
    expect(closing.outcome).toEqual({ value: undefined });
  });

  test('may happen twice, and links that come later are closed', async () => {
    const { server, dial, clock } = await listing();
    await Promise.all([server.close(), server.close()]);
    expect((await dial()).closes).toBe(1);
    expect(clock.armed).toBe(0);
  });
});

function meta(version: unknown, capabilities: unknown = {}): JsonObject {
  return {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': capabilities,
  } as JsonObject;
}
