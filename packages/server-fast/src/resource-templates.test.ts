import { ErrorCode, type JsonObject } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { createServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

describe.each(['modern', 'legacy'] as const)('resource templates, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });
  const notFound = (uri: string) => ({
    code: era === 'modern' ? ErrorCode.InvalidParams : ErrorCode.ResourceNotFound,
    data: { uri },
  });

  test('a template is listed, and what it matches is read with typed variables', async () => {
    const server = createServer(info).resourceTemplate(
      'issue',
      'repo://{owner}/{repo}/issues{/number}{?state,label*}',
      { title: 'Issues', mimeType: 'application/json' },
      (variables, context, uri) => {
        expectTypeOf(variables).toEqualTypeOf<{
          readonly owner: string;
          readonly repo: string;
          readonly number?: string;
          readonly state?: string;
          readonly label: string[];
        }>();
        return JSON.stringify({ ...variables, uri, era: context.era });
      },
    );
    await using client = await open(server);
    expect(client.capabilities.resources).toEqual({ listChanged: true, subscribe: true });
    expect((await client.listResources()).resources).toEqual([]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([
      {
        name: 'issue',
        title: 'Issues',
        mimeType: 'application/json',
        uriTemplate: 'repo://{owner}/{repo}/issues{/number}{?state,label*}',
      },
    ]);
    const uri = 'repo://ada/engine/issues/7?label=a%20b&state=open&label=c';
    const { contents } = await client.readResource(uri);
    expect(contents).toMatchObject([{ uri, mimeType: 'application/json' }]);
    const [content] = contents;
    expect(JSON.parse(content && 'text' in content ? content.text : '')).toEqual({
      owner: 'ada',
      repo: 'engine',
      number: '7',
      state: 'open',
      label: ['a b', 'c'],
      uri,
      era,
    });
  });

  test('a resource goes before a template, and the first template before the next', async () => {
    const server = createServer(info)
      .resourceTemplate('one', 'note://{id}', ({ id }) => `one ${id}`)
      .resourceTemplate('any', 'note://{+path}', ({ path }) => `any ${path}`)
      .resource('fixed', 'note://fixed', () => 'fixed');
    await using client = await open(server);
    const read = async (uri: string) => (await client.readResource(uri)).contents;
    expect(await read('note://fixed')).toMatchObject([{ text: 'fixed' }]);
    expect(await read('note://a')).toMatchObject([{ text: 'one a' }]);
    expect(await read('note://a/b')).toMatchObject([{ text: 'any a/b' }]);
    server.resourceTemplates.disable('note://{id}');
    expect(await read('note://a')).toMatchObject([{ text: 'any a' }]);
    expect((await client.listResourceTemplates()).resourceTemplates).toMatchObject([{ name: 'any' }]);
  });

  test('what no template matches, or its handler does not know, is not found', async () => {
    const server = createServer(info).resourceTemplate('note', 'note://{id}', async ({ id }) =>
      id === 'known' ? 'x' : undefined,
    );
    await using client = await open(server);
    expect((await client.readResource('note://known')).contents).toHaveLength(1);
    for (const uri of [
      'note://other',
      'note://',
      'note://a/b',
      'note://%FF',
      'other://known',
      'x'.repeat(9000),
    ])
      await expect(client.readResource(uri)).rejects.toMatchObject(notFound(uri));
  });

  test('no value leads out of a folder, unless it is no path', async () => {
    const seen: unknown[] = [];
    const server = createServer(info)
      .resourceTemplate('file', 'file:///srv/{+path}', ({ path }) => (seen.push(path), 'x'))
      .resourceTemplate('part', 'part://{name}{/rest*}', (variables) => (seen.push(variables), 'x'))
      .resourceTemplate('text', 'text://{text}', { anyValue: ['text'] }, ({ text }) => text);
    await using client = await open(server);
    for (const uri of [
      'file:///srv/../etc/passwd',
      'file:///srv/a/../../etc',
      'file:///srv/%2e%2e/etc',
      'file:///srv/..%5Cetc',
      'file:///srv//etc/passwd',
      'file:///srv/C:%5Cboot',
      'file:///srv/a%00.png',
      'part://..',
      'part://..%2F..',
      'part://%2Fetc',
      'part://a/b/..',
      'part://a/b%2F..%2Fc',
    ])
      await expect(client.readResource(uri)).rejects.toMatchObject(notFound(uri));
    expect(seen).toEqual([]);
    await client.readResource('file:///srv/a..b/...');
    await client.readResource('part://.../a%2Fb');
    expect(seen).toEqual(['a..b/...', { name: '...', rest: ['a/b'] }]);
    expect((await client.readResource('text://..%2Fa')).contents).toMatchObject([{ text: '../a' }]);
  });

  test('templates come in pages, and change', async () => {
    const server = createServer({ ...info, pageSize: 2 });
    for (const name of ['a', 'b', 'c']) server.resourceTemplate(name, `${name}://{x}`, () => 'x');
    await using client = await open(server);
    const first = await client.request('resources/templates/list');
    expect(first['resourceTemplates']).toHaveLength(2);
    await expect(client.request('resources/templates/list', { cursor: 'other' })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
    const listening = await client.listen({ resourcesListChanged: true });
    server.resourceTemplates.rename('a://{x}', 'z://{x}');
    for await (const change of listening) {
      expect(change).toEqual({ kind: 'resources' });
      break;
    }
    const { resourceTemplates } = await client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'z://{x}',
      'b://{x}',
      'c://{x}',
    ]);
  });
});

test.each<[template: string, code: string]>([
  ['{scheme}://x', 'bad-address'],
  ['relative/{x}', 'bad-address'],
  ['note://{', 'bad-address'],
  ['note://{a}{b}', 'ambiguous-address'],
  ['note://{a}-{b}', 'ambiguous-address'],
  ['note://{a}/{a}', 'ambiguous-address'],
  [5 as never, 'bad-address'],
])('%s is refused as %s, and the others live', async (template, code) => {
  const refused: string[] = [];
  const server = createServer({ ...info, onRefused: (error) => refused.push(error.code) })
    .resourceTemplate('bad', template, () => 'x')
    .resourceTemplate('good', 'note://{id}', () => 'x');
  expect(refused).toEqual([code]);
  expect(server.resourceTemplates.keys).toEqual(['note://{id}']);
  await using client = await connect(server);
  expect((await client.readResource('note://a')).contents).toHaveLength(1);
});

test.each([
  ['note://{id}', 'note://{name}', false],
  ['note://{+a}', 'note://{+b}', false],
  ['note://{a,b}{/c*}', 'note://{x,y}{/z*}', false],
  ['note://{id}', 'note://{+id}', true],
  ['note://x{?a}', 'note://x{?b}', true],
  ['note://{a:3}', 'note://{b:4}', true],
])('%s beside %s: %s', (one, other, possible) => {
  const server = createServer(info).resourceTemplate('one', one, () => 'x');
  const attempt = () => server.resourceTemplate('other', other, () => 'x');
  if (possible) expect(attempt().resourceTemplates.keys).toEqual([one, other]);
  else expect(attempt).toThrow(/^ambiguous-address: .* are templates of the same addresses/);
});

describe.each(['modern', 'legacy'] as const)('completions, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });
  const suggest = async (
    client: Client,
    ref: JsonObject,
    name: string,
    value: string,
    settled: Record<string, string> = {},
  ) =>
    (
      await client.complete({
        ref: ref as { type: 'ref/prompt'; name: string },
        argument: { name, value },
        context: { arguments: settled },
      })
    ).completion;

  test('a template completes its variables from what is written and what is settled', async () => {
    const repos: Record<string, string[]> = { ada: ['engine', 'notes'], bob: ['boat'] };
    const server = createServer(info).resourceTemplate(
      'repo',
      'repo://{owner}/{repo}',
      {
        complete: {
          owner: Object.keys(repos),
          repo: (value, { owner = '' }) => (repos[owner] ?? []).filter((name) => name.startsWith(value)),
        },
      },
      () => 'x',
    );
    await using client = await open(server);
    expect(client.capabilities.completions).toEqual({});
    const ref = { type: 'ref/resource', uri: 'repo://{owner}/{repo}' };
    expect(await suggest(client, ref, 'owner', 'A')).toEqual({ values: ['ada'], total: 1, hasMore: false });
    expect((await suggest(client, ref, 'repo', 'n', { owner: 'ada' })).values).toEqual(['notes']);
    expect((await suggest(client, ref, 'repo', '')).values).toEqual([]);
  });

  test('a prompt completes arguments, enumerations by themselves', async () => {
    const server = createServer(info).prompt(
      'write',
      {
        arguments: {
          type: 'object',
          properties: {
            tone: { enum: ['formal', 'friendly'] },
            topic: { type: 'string' },
            free: { type: 'string' },
          },
        },
        complete: { topic: async (value) => ({ values: [`${value}!`], total: 7, hasMore: true }) },
      },
      () => 'x',
    );
    await using client = await open(server);
    const ref = { type: 'ref/prompt', name: 'write' };
    expect((await suggest(client, ref, 'tone', 'f')).values).toEqual(['formal', 'friendly']);
    expect((await suggest(client, ref, 'tone', 'fr')).values).toEqual(['friendly']);
    expect(await suggest(client, ref, 'topic', 'a')).toEqual({ values: ['a!'], total: 7, hasMore: true });
    expect((await suggest(client, ref, 'free', 'a')).values).toEqual([]);
  });

  test('a hundred values are suggested at most', async () => {
    const many = Array.from({ length: 250 }, (_, index) => `v${index}`);
    const server = createServer(info).resourceTemplate('t', 't://{v}', { complete: { v: many } }, () => 'x');
    await using client = await open(server);
    const { values, total, hasMore } = await suggest(
      client,
      { type: 'ref/resource', uri: 't://{v}' },
      'v',
      '',
    );
    expect([values.length, total, hasMore]).toEqual([100, 250, true]);
  });

  test('what does not exist cannot be completed, and nobody offers what it cannot do', async () => {
    await using none = await open(createServer(info).resourceTemplate('t', 't://{v}', () => 'x'));
    expect(none.capabilities.completions).toBeUndefined();
    const ref = { type: 'ref/resource', uri: 't://{v}' };
    await expect(suggest(none, ref, 'v', '')).rejects.toMatchObject({ code: ErrorCode.MethodNotFound });
    const heard: unknown[] = [];
    const server = createServer({ ...info, onError: (error) => heard.push(error) }).resourceTemplate(
      't',
      't://{v}/{w}',
      { complete: { v: () => 5 as never, w: ['x'] } },
      () => 'x',
    );
    await using client = await open(server);
    const known = { type: 'ref/resource', uri: 't://{v}/{w}' };
    for (const [wrong, name] of [
      [ref, 'v'],
      [{ type: 'ref/prompt', name: 'constructor' }, 'v'],
      [known, 'other'],
      [known, '__proto__'],
    ] as const)
      await expect(suggest(client, wrong, name, '')).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(
      client.request('completion/complete', { ref: known, argument: { name: 'w' } }),
    ).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
    await expect(suggest(client, known, 'v', '')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    expect(heard).toMatchObject([{ code: 'bad-result' }]);
  });
});

test('a completer for an argument that is not there is refused', () => {
  const complete = { other: ['x'] } as never;
  expect(() => createServer(info).resourceTemplate('t', 't://{v}', { complete }, () => 'x')).toThrow(
    /^unknown-name: resource template "t" has no argument "other" to complete/,
  );
});
