import type { JsonObject } from '@trunkline/protocol';
import { connect } from '@trunkline/session';
import { describe, expect, test, vi } from 'vitest';
import { backend, tool, until, type Backend } from './fixtures/backend.ts';
import type { GroupChange, GroupOptions } from './group-options.ts';
import { ClientGroup } from './group.ts';

const QUICK = { reconnect: { firstDelay: 1 } };

async function groupOf(
  backends: Readonly<Record<string, Backend>>,
  options: GroupOptions = {},
): Promise<ClientGroup> {
  const group = new ClientGroup({ session: QUICK, ...options });
  const dials = Object.entries(backends).map(([name, { dial }]) => [name, dial] as const);
  const { failed } = await group.connectToServers(Object.fromEntries(dials));
  expect(failed).toEqual([]);
  return group;
}

function text(value: string): object {
  return { content: [{ type: 'text', text: value }] };
}

describe('names', () => {
  test('stay as they are unless they collide; then every rival is prefixed with its server', async () => {
    await using group = await groupOf({
      'a b': backend('a', ['search', 'one']),
      c: backend('c', ['search', 'two']),
    });
    expect([...group.tools.keys()].toSorted()).toEqual(['a_b_search', 'c_search', 'one', 'two']);
    expect(group.tools.get('c_search')).toMatchObject({
      server: 'c',
      ownName: 'search',
      definition: { name: 'search' },
    });
    expect(await group.callTool('a_b_search')).toMatchObject(text('a:search'));
    expect(await group.callTool('two')).toMatchObject(text('c:two'));
    await expect(group.callTool('search')).rejects.toMatchObject({
      code: 'ambiguous',
      delivery: 'not-sent',
      message: expect.stringContaining('"a_b_search" and "c_search"'),
    });
    expect(await group.callTool('search', {}, { server: 'c' })).toMatchObject(text('c:search'));
  });

  test('do not depend on who came first, and come back when a rival leaves', async () => {
    const [a, b] = [backend('a', ['x', 'a_x']), backend('b', ['x'])];
    await using first = await groupOf({ a, b });
    await using second = await groupOf({ b, a });
    expect([...first.tools.keys()].toSorted()).toEqual([...second.tools.keys()].toSorted());
    expect([...first.tools.keys()].toSorted()).toEqual(['a_x', 'a_x_2', 'b_x']);
    expect(await first.callTool('a_x_2')).toMatchObject(text('a:x'));
    const { tools } = first;
    await first.disconnectFromServer('b');
    expect([...tools.keys()].toSorted()).toEqual(['a_x', 'x']);
  });

  test('are what the hook says', async () => {
    await using group = await groupOf(
      { a: backend('left', ['x']), b: backend('right', ['x']) },
      { componentNameHook: (name, { name: server }, kind) => `${server}.${kind}.${name}` },
    );
    expect([...group.tools.keys()]).toEqual(['left.tools.x', 'right.tools.x']);
    expect(await group.callTool('right.tools.x')).toMatchObject(text('right:x'));
  });

  test('of tools that are called like members of objects are names like others', async () => {
    await using group = await groupOf({ a: backend('a', ['constructor', '__proto__']) });
    expect(await group.callTool('__proto__')).toMatchObject(text('a:__proto__'));
    await expect(group.callTool('toString')).rejects.toMatchObject({ code: 'unknown-component' });
  });
});

describe('connecting', () => {
  test('tells in one value what failed and what did not, and reports every step', async () => {
    const group = new ClientGroup();
    const steps: unknown[] = [];
    const refused = (): never => {
      throw new Error('nobody there');
    };
    const outcome = await group.connectToServers(
      { good: backend('good', ['x']).dial, bad: refused, dialless: { command: 'x' } },
      { onProgress: ({ server, error, done, total }) => steps.push([server, Boolean(error), done, total]) },
    );
    expect(outcome.connected).toEqual(['good']);
    expect(outcome.failed).toMatchObject([
      { server: 'bad', error: { message: 'nobody there' } },
      { server: 'dialless', error: { code: 'dialer-missing' } },
    ]);
    expect(steps).toHaveLength(3);
    expect(steps).toContainEqual(['bad', true, expect.any(Number), 3]);
    expect([...group.statuses.keys()]).toEqual(['good']);
    await group.close();
  });

  test('to one server gives its session; the server is called what it calls itself', async () => {
    await using group = new ClientGroup();
    const client = await group.connectToServer(backend('weather', ['x']).dial);
    await group.connectToServer(backend('weather', ['y']).dial);
    expect(group.sessions.get('weather')).toBe(client);
    expect([...group.sessions.keys()]).toEqual(['weather', 'weather-2']);
    await expect(group.connectToServer(backend('w', []).dial, { name: 'weather' })).rejects.toMatchObject({
      code: 'misuse',
    });
  });

  test('leaves a session that was adopted open', async () => {
    const { dial } = backend('mine', ['x']);
    const client = await connect(dial);
    const group = new ClientGroup();
    await group.connectWithSession(client.serverInfo, client);
    expect(await group.callTool('x')).toMatchObject(text('mine:x'));
    await group.disconnectFromServer(client);
    expect(group.tools.size).toBe(0);
    await group.close();
    expect(await client.callTool('x')).toMatchObject(text('mine:x'));
    await client.close();
  });

  test('waits, where it is lazy, until something is needed', async () => {
    await using group = new ClientGroup();
    const lazy = backend('lazy', ['x']);
    await group.connectToServers({ lazy: lazy.dial }, { lazy: true });
    expect([lazy.links.length, group.statuses.get('lazy'), group.tools.size]).toEqual([0, 'lazy', 0]);
    expect(await group.callTool('x')).toMatchObject(text('lazy:x'));
    expect([lazy.links.length, group.statuses.get('lazy')]).toEqual([1, 'open']);
  });

  test('is given up when the group is closed meanwhile', async () => {
    const group = new ClientGroup();
    const silent = backend('silent', []);
    silent.server.use(() => () => new Promise(() => {}));
    const connecting = group.connectToServer(silent.dial, { name: 'silent' });
    const failed = connecting.catch((error: unknown) => error);
    await until(() => silent.links.length === 1, 'a link');
    await group.close();
    expect(await failed).toMatchObject({ code: 'closed' });
    expect(await silent.links[0]?.closed).toMatchObject({ by: 'local' });
    await expect(group.connectToServer(silent.dial)).rejects.toMatchObject({ code: 'closed' });
  });

  test('a stack of the host closes the group', async () => {
    const cleanups: (() => Promise<void>)[] = [];
    const group = new ClientGroup({ stack: { defer: (cleanup) => cleanups.push(cleanup) } });
    const subject = backend('a', ['x']);
    await group.connectToServer(subject.dial);
    await cleanups[0]?.();
    expect(await subject.links[0]?.closed).toMatchObject({ by: 'local' });
  });
});

describe('members', () => {
  test('report changes of their lists, which show at once', async () => {
    const subject = backend('a', ['x']);
    await using group = await groupOf({ a: subject });
    const seen: GroupChange[] = [];
    group.onChange((change) => seen.push(change));
    subject.offer('y', 'z');
    await until(() => group.tools.has('y'), 'the new tools');
    expect([...group.tools.keys()]).toEqual(['y', 'z']);
    expect(seen).toEqual([{ kind: 'tools' }]);
  });

  test('that say again and again that something changed are read once more, not once for each time', async () => {
    const subject = backend('a', ['x']);
    await using group = await groupOf({ a: subject });
    let lists = 0;
    let go = (): void => {};
    const gate = new Promise<void>((resolve) => (go = resolve));
    subject.server.use((next) => async (params, context) => {
      if (context.method !== 'tools/list') return next(params, context);
      lists += 1;
      await gate;
      return next(params, context);
    });
    for (let time = 0; time < 50; time += 1) {
      subject.offer(`y${time}`);
      await new Promise((resolve) => setImmediate(resolve));
    }
    go();
    await until(() => group.tools.has('y49'), 'the last change');
    expect(lists).toBe(2);
  });

  test('come back when their link is lost, with what they offer then', async () => {
    const subject = backend('a', ['x']);
    await using group = await groupOf({ a: subject });
    const statuses: string[] = [];
    group.onStatus((server, status) => statuses.push(`${server} ${status}`));
    subject.offer('y');
    await subject.links[0]?.close();
    await until(() => group.statuses.get('a') === 'open' && group.tools.has('y'), 'coming back');
    expect(statuses).toEqual(['a lost', 'a reopening', 'a open']);
    expect(await group.callTool('y')).toMatchObject(text('a:y'));
  });

  test('are restarted over a new link under the same name', async () => {
    const subject = backend('a', ['x']);
    await using group = await groupOf({ a: subject });
    const before = group.sessions.get('a');
    expect(await group.restart('a')).not.toBe(before);
    expect(subject.links).toHaveLength(2);
    expect(await group.callTool('x')).toMatchObject(text('a:x'));
  });

  test('say whether they are there', async () => {
    const sick = backend('sick', []);
    sick.server.use((next) => (params, context) => {
      if (context.method === 'server/discover' && sick.calls.length > 0) throw new Error('ill');
      return next(params, context);
    });
    await using group = await groupOf({ well: backend('well', []), sick });
    sick.calls.push({});
    const health = await group.health();
    expect(health.get('well')).toBeUndefined();
    expect(health.get('sick')).toMatchObject({ code: -32603 });
  });

  test('that leave fail what is open there and nothing else', async () => {
    const hanging = backend('hanging', ['hang'], () => new Promise(() => {}));
    await using group = await groupOf({ hanging, other: backend('other', ['x']) });
    const open = group.callTool('hang').catch((error: unknown) => error);
    await until(() => hanging.calls.length === 1, 'the call');
    await group.disconnectFromServer('hanging');
    expect(await open).toMatchObject({ code: 'link-lost' });
    expect([...group.tools.keys()]).toEqual(['x']);
    await expect(group.disconnectFromServer('hanging')).rejects.toMatchObject({ code: 'unknown-server' });
  });
});

describe('quarantine', () => {
  const BAD: Readonly<Record<string, JsonObject>> = {
    'a schema of no object': tool('bad', { inputSchema: { type: 'string' } }),
    'a pattern that is none': tool('bad', {
      inputSchema: { type: 'object', properties: { a: { type: 'string', pattern: '(' } } },
    }),
    'a reference to nothing': tool('bad', {
      inputSchema: { type: 'object', allOf: [{ $ref: '#/$defs/none' }] },
    }),
    'a name with a line break': tool('bad\nname'),
    'a name without end': tool('b'.repeat(200)),
    'no name': tool(''),
    'a name that was there': tool('good'),
    'a schema that the host refuses': tool('bad', { inputSchema: { type: 'object', refuse: true } }),
  };
  const checkSchema = (schema: JsonObject): void => {
    if (schema['refuse']) throw new Error('cannot compile');
  };

  test.each(Object.entries(BAD))('keeps out %s, and its neighbours in', async (_what, bad) => {
    const group = new ClientGroup({ checkSchema });
    const outcome = await group.connectToServers({ a: backend('a', ['good', bad, 'fine']).dial });
    expect([...group.tools.keys()]).toEqual(['good', 'fine']);
    expect(outcome.quarantined).toMatchObject([{ server: 'a', kind: 'tools', reason: expect.any(String) }]);
    expect(group.quarantined).toEqual(outcome.quarantined);
    await group.close();
  });

  test('keeps out what is too many', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
    await using group = await groupOf({ a: backend('a', names) }, { maxComponents: 10 });
    expect(group.tools.size).toBe(10);
    expect(group.quarantined).toHaveLength(10);
  });
});

describe('resources, prompts and completions', () => {
  function library(name: string, uri: string): Backend {
    const subject = backend(name, []);
    const { server } = subject;
    server.handle('resources/list' as string, () => ({ resources: [{ name, uri }] }));
    server.handle('resources/templates/list' as string, () => ({
      resourceTemplates: [{ name, uriTemplate: `${name}://{id}/page` }],
    }));
    server.handle('resources/read' as string, ({ uri: read }: JsonObject) => ({
      contents: [{ uri: read, text: name }],
    }));
    server.handle('prompts/list' as string, () => ({ prompts: [{ name: 'greet' }] }));
    server.handle('prompts/get' as string, ({ name: prompt }: JsonObject) => ({
      messages: [{ role: 'user', content: { type: 'text', text: `${name}:${prompt as string}` } }],
    }));
    server.handle('completion/complete' as string, ({ ref }: JsonObject) => ({
      completion: { values: [name, JSON.stringify(ref)] },
    }));
    return subject;
  }

  test('go to the server that has them', async () => {
    await using group = await groupOf({ a: library('a', 'file:///a'), b: library('b', 'file:///b') });
    const read = async (uri: string, server?: string): Promise<unknown> =>
      (await group.readResource(uri, { server })).contents[0];
    expect(await read('file:///b')).toEqual({ uri: 'file:///b', text: 'b' });
    expect(await read('b://7/page')).toEqual({ uri: 'b://7/page', text: 'b' });
    expect(await read('file:///unlisted', 'a')).toMatchObject({ text: 'a' });
    await expect(group.readResource('file:///unlisted')).rejects.toMatchObject({ code: 'unknown-component' });
    expect((await group.getPrompt('b_greet')).messages[0]?.content).toMatchObject({ text: 'b:greet' });
    const argument = { name: 'id', value: '' };
    const completed = await group.complete({ ref: { type: 'ref/prompt', name: 'a_greet' }, argument });
    expect(completed.completion.values).toEqual(['a', '{"type":"ref/prompt","name":"greet"}']);
    const template = await group.complete({ ref: { type: 'ref/resource', uri: 'b://{id}/page' }, argument });
    expect(template.completion.values[0]).toBe('b');
  });

  test('that collide get a URI of their own', async () => {
    await using group = await groupOf({
      a: library('a', 'app://config'),
      'b 2': library('b', 'app://config'),
    });
    expect([...group.resources.keys()]).toEqual(['a+app://config', 'b-2+app://config']);
    expect((await group.readResource('b-2+app://config')).contents[0]).toEqual({
      uri: 'app://config',
      text: 'b',
    });
  });

  test('are followed where they are, also over a new link', async () => {
    const subject = library('a', 'file:///a');
    await using group = await groupOf({ a: subject, b: library('b', 'file:///b') });
    const updated = vi.fn<(uri: string) => void>();
    group.onChange((change) => change.kind === 'resource' && updated(change.uri));
    await group.subscribeResource('file:///a');
    subject.server.changed({ kind: 'resource', uri: 'file:///a' });
    await until(() => updated.mock.calls.length === 1, 'an update');
    await subject.links[0]?.close();
    await until(() => updated.mock.calls.length === 2, 'the update that may have been missed');
    subject.server.changed({ kind: 'resource', uri: 'file:///a' });
    await until(() => updated.mock.calls.length === 3, 'an update over the new link');
    await group.unsubscribeResource('file:///a');
    expect(updated).toHaveBeenLastCalledWith('file:///a');
  });
});
