import { ErrorCode, type JsonObject } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { asCaller } from './fixtures/as-caller.ts';
import { createServer, type FastServer, type ToolsOf } from './server.ts';
import { connect } from './testing.ts';
import { defaultArguments, hide, only, rename, requireScopes, tagged } from './transforms.ts';

const info = { name: 'test', version: '1.0.0' };
const two = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
} as const;

describe.each(['modern', 'legacy'] as const)('composition, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });
  const names = async (client: Client): Promise<string[]> =>
    (await client.listTools()).tools.map(({ name }) => name);
  const text = async (client: Client, tool: string, args = {}): Promise<string | undefined> => {
    const [block] = (await client.callTool(tool, args)).content;
    return block?.type === 'text' ? block.text : undefined;
  };

  test('a mounted server offers everything under its prefix', async () => {
    const notes = createServer({ ...info, lifespan: () => ({ who: 'notes' }) })
      .tool('add', { input: two }, ({ a, b }, { values }) => `${a + b} by ${values.who}`)
      .resource('todo', 'note://todo', (uri) => `read ${uri}`)
      .resourceTemplate('note', 'note://{id}', { complete: { id: ['x'] } }, ({ id }) => `note ${id}`)
      .prompt('plan', () => 'plan');
    const server = createServer({ ...info, lifespan: () => ({ who: 'main' }) })
      .tool('own', (_args, { values }) => values.who)
      .mount(notes, { prefix: 'notes' });
    expectTypeOf<keyof ToolsOf<typeof server>>().toEqualTypeOf<'own' | 'notes_add'>();
    await using client = await open(server);
    expect(client.capabilities).toMatchObject({ tools: {}, resources: {}, prompts: {}, completions: {} });
    expect(await names(client)).toEqual(['own', 'notes_add']);
    expect(await text(client, 'notes_add', { a: 1, b: 2 })).toBe('3 by notes');
    expect(await text(client, 'own')).toBe('main');
    expect(await client.callTool('notes_add', { a: 1 })).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('notes_add') }],
    });
    expect((await client.listResources()).resources).toMatchObject([{ uri: 'note://notes/todo' }]);
    expect((await client.readResource('note://notes/todo')).contents).toEqual([
      { uri: 'note://notes/todo', text: 'read note://todo' },
    ]);
    expect((await client.readResource('note://notes/x')).contents).toEqual([
      { uri: 'note://notes/x', text: 'note x' },
    ]);
    await expect(client.readResource('note://x')).rejects.toMatchObject({ data: { uri: 'note://x' } });
    const { completion } = await client.complete({
      ref: { type: 'ref/resource', uri: 'note://notes/{id}' },
      argument: { name: 'id', value: '' },
    });
    expect(completion.values).toEqual(['x']);
    expect((await client.getPrompt('notes_plan')).messages).toHaveLength(1);
  });

  test('a mount is live: what comes, goes and changes below does so above, and is told', async () => {
    const below = createServer(info);
    const deep = createServer(info).resource('r', 'test://r', () => 'x');
    below.mount(deep, { prefix: 'deep' });
    const server = createServer(info)
      .tool('own', () => 'x')
      .mount(below, { prefix: 'b' });
    await using client = await open(server);
    const listening = await client.listen({
      toolsListChanged: true,
      resourceSubscriptions: ['test://b/deep/r'],
    });
    const changes = listening[Symbol.asyncIterator]();
    below.tool('late', () => 'late');
    expect((await changes.next()).value).toEqual({ kind: 'tools' });
    expect(await names(client)).toEqual(['own', 'b_late']);
    deep.resourceUpdated('test://r');
    expect((await changes.next()).value).toEqual({ kind: 'resource', uri: 'test://b/deep/r' });
    below.tools.disable('late');
    expect(await names(client)).toEqual(['own']);
    await expect(client.callTool('b_late')).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    expect([server.unmount(below), server.unmount(below)]).toEqual([true, false]);
    expect((await client.listResources()).resources).toEqual([]);
    await listening.close();
  });

  test('what is mounted in a server that serves already is opened before it is used', async () => {
    const server = createServer(info).tool('own', () => 'x');
    await using client = await open(server);
    let openings = 0;
    const lifespan = async () => ({ number: (openings += 1) });
    server.mount(createServer({ ...info, lifespan }).tool('late', (_args, { values }) => `${values.number}`));
    expect(await Promise.all([text(client, 'late'), text(client, 'late')])).toEqual(['1', '1']);
  });

  test('what is here already goes first', async () => {
    const one = createServer(info).tool('t', () => 'one');
    const other = createServer(info)
      .tool('t', () => 'other')
      .tool('u', () => 'u');
    const server = createServer(info).mount(one).mount(other);
    await using client = await open(server);
    expect([await names(client), await text(client, 't')]).toEqual([['t', 'u'], 'one']);
    one.tools.disable('t');
    expect(await text(client, 't')).toBe('other');
    server.tool('t', () => 'own');
    expect(await text(client, 't')).toBe('own');
  });

  test('transforms rename, hide, settle arguments and filter', async () => {
    const below = createServer(info)
      .tool('add', { input: two, tags: ['math'] }, ({ a, b }) => `${a + b}`)
      .tool('secret', { tags: ['math'] }, () => 'x')
      .tool('other', () => 'x')
      .resource('r', 'test://r', { tags: ['math'] }, () => 'x')
      .prompt('p', { tags: ['math'] }, () => 'x');
    const server = createServer(info).mount(below, {
      prefix: 'm',
      transforms: [
        tagged('math'),
        hide('secret', 'test://r'),
        only(({ kind }) => kind !== 'prompt'),
        defaultArguments('add', { b: 10 }),
        rename({ add: 'plus', constructor: 'x' }),
      ],
    });
    const fixed = createServer(info).mount(below, {
      transforms: [defaultArguments('add', { b: 10 }, { fixed: true })],
    });
    await using client = await open(server);
    const { tools } = await client.listTools();
    expect(tools).toMatchObject([
      {
        name: 'm_plus',
        inputSchema: { properties: { b: { type: 'number', default: 10 } }, required: ['a'] },
      },
    ]);
    expect([await text(client, 'm_plus', { a: 1 }), await text(client, 'm_plus', { a: 1, b: 2 })]).toEqual([
      '11',
      '3',
    ]);
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.listPrompts()).prompts).toEqual([]);
    await using strict = await open(fixed);
    expect((await strict.listTools()).tools[0]?.inputSchema).toEqual({
      type: 'object',
      properties: { a: { type: 'number' } },
      required: ['a'],
    });
    expect(await text(strict, 'add', { a: 1, b: 2 })).toBe('11');
  });

  test('what a caller may not use, it does not see', async () => {
    const below = createServer(info).tool('guarded', () => 'x');
    const server = createServer({ ...info, caching: { ttlMs: 1000, cacheScope: 'public' } })
      .tool('all', () => 'x')
      .tool('admin', { scopes: ['admin'] }, () => 'x')
      .tool('ada', { allow: ({ origin }) => origin.auth?.subject === 'ada' }, () => 'x')
      .resource('r', 'test://r', { scopes: ['admin'] }, () => 'x')
      .resourceTemplate('s', 'test://s/{id}', { scopes: ['admin'], complete: { id: ['x'] } }, () => 'x')
      .prompt('p', { scopes: ['admin'] }, () => 'x')
      .mount(below, { transforms: [requireScopes('admin')] });
    const as = (subject: string, ...scopes: string[]) =>
      open(asCaller(server, { clientId: 'app', subject, scopes }));
    await using anonymous = await open(server);
    await using ada = await as('ada');
    await using admin = await as('bob', 'admin', 'more');
    expect([await names(anonymous), await names(ada), await names(admin), await names(ada)]).toEqual([
      ['all'],
      ['all', 'ada'],
      ['all', 'admin', 'guarded'],
      ['all', 'ada'],
    ]);
    if (era === 'modern') expect(await ada.listTools()).toMatchObject({ cacheScope: 'private' });
    for (const tool of ['admin', 'guarded', 'none'])
      await expect(ada.callTool(tool)).rejects.toMatchObject({
        code: ErrorCode.InvalidParams,
        message: expect.stringContaining(`Unknown tool: ${tool}`),
      });
    for (const uri of ['test://r', 'test://s/1'])
      await expect(ada.readResource(uri)).rejects.toMatchObject({ data: { uri } });
    await expect(ada.getPrompt('p')).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(
      ada.complete({
        ref: { type: 'ref/resource', uri: 'test://s/{id}' },
        argument: { name: 'id', value: '' },
      }),
    ).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    expect((await admin.readResource('test://s/1')).contents).toHaveLength(1);
    expect(await text(admin, 'guarded')).toBe('x');
  });

  test('middleware of both servers is around a mounted tool, from the outside in', async () => {
    const seen: string[] = [];
    const note = (where: string) => (server: FastServer<object>) =>
      server.use(async ({ kind, name, args }, next) => {
        seen.push(`${where} ${kind} ${name} ${JSON.stringify(args)}`);
        const result = await next();
        seen.push(`${where} done`);
        return result;
      });
    const below = createServer(info).tool(
      't',
      { input: { type: 'object', properties: {} } },
      () => (seen.push('run'), 'x'),
    );
    note('below')(below);
    const server = createServer(info).mount(below, { prefix: 'b' });
    note('above')(server);
    await using client = await open(server);
    await client.callTool('b_t', { z: 1 });
    expect(seen).toEqual([
      'above tool b_t {"z":1}',
      'below tool b_t {"z":1}',
      'run',
      'below done',
      'above done',
    ]);
  });
});

test('a server is never mounted in itself, nor twice, nor under what is no name', () => {
  const [one, other] = [createServer(info), createServer(info)];
  one.mount(other);
  for (const mount of [
    () => one.mount(one),
    () => other.mount(one),
    () => one.mount(other),
    () => one.mount(createServer(info), { prefix: 'a\nb' }),
  ])
    expect(mount).toThrow(expect.objectContaining({ name: 'DefinitionError' }));
});

test('an entry that cannot be changed as told is left out, the others live', async () => {
  const heard: unknown[] = [];
  const below = createServer(info)
    .tool('t', { input: two }, () => 'x')
    .tool('u', () => 'x');
  const server = createServer({ ...info, onError: (error) => heard.push(error) }).mount(below, {
    transforms: [defaultArguments('t', { c: 1 } satisfies JsonObject)],
  });
  await using client = await connect(server);
  expect((await client.listTools()).tools).toMatchObject([{ name: 'u' }]);
  expect(heard).toMatchObject([{ code: 'unknown-name' }]);
});
