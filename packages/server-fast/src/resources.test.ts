import { ErrorCode } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import { createServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

describe.each(['modern', 'legacy'] as const)('resources, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });

  test('a resource is listed and read', async () => {
    const server = createServer(info).resource(
      'config',
      'config://app',
      { title: 'Settings', mimeType: 'application/json', size: 2 },
      (uri) => JSON.stringify({ uri }),
    );
    await using client = await open(server);
    expect((await client.listResources()).resources).toEqual([
      { name: 'config', uri: 'config://app', title: 'Settings', mimeType: 'application/json', size: 2 },
    ]);
    expect((await client.listResourceTemplates()).resourceTemplates).toEqual([]);
    expect((await client.readResource('config://app')).contents).toEqual([
      { uri: 'config://app', mimeType: 'application/json', text: '{"uri":"config://app"}' },
    ]);
  });

  test('what is read may be a text, bytes, contents or the whole result, at once or later', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    const other = { uri: 'test://other', text: 'x' };
    const server = createServer(info)
      .resource('text', 'test://text', () => 'hi')
      .resource('bytes', 'test://bytes', { mimeType: 'image/png' }, async () => bytes)
      .resource('one', 'test://one', () => other)
      .resource('many', 'test://many', () => [other, { uri: 'test://blob', blob: 'AA==' }])
      .resource('whole', 'test://whole', () => ({ contents: [other] }));
    await using client = await open(server);
    const read = async (name: string) => (await client.readResource(`test://${name}`)).contents;
    expect(await read('text')).toEqual([{ uri: 'test://text', text: 'hi' }]);
    expect(await read('bytes')).toEqual([
      { uri: 'test://bytes', mimeType: 'image/png', blob: Buffer.from(bytes).toString('base64') },
    ]);
    expect(await read('one')).toEqual([other]);
    expect(await read('many')).toEqual([other, { uri: 'test://blob', blob: 'AA==' }]);
    expect(await read('whole')).toEqual([other]);
  });

  test('what does not exist is an error that names it, in the code of the revision', async () => {
    await using client = await open(createServer(info).resource('a', 'test://a', () => 'x'));
    for (const uri of ['test://b', 'file:///srv/data/a%00.png', '__proto__']) {
      await expect(client.readResource(uri)).rejects.toMatchObject({
        code: era === 'modern' ? ErrorCode.InvalidParams : ErrorCode.ResourceNotFound,
        data: { uri },
      });
    }
    await expect(client.request('resources/read', { uri: 5 })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
  });

  test('a handler that fails or yields something else is masked', async () => {
    const heard: unknown[] = [];
    const failure = new Error('secret');
    const server = createServer({ ...info, onError: (error) => heard.push(error) })
      .resource('throws', 'test://throws', () => {
        throw failure;
      })
      .resource('number', 'test://number', () => 5 as never)
      .resource('good', 'test://good', () => 'x');
    await using client = await open(server);
    for (const uri of ['test://throws', 'test://number'])
      await expect(client.readResource(uri)).rejects.toMatchObject({
        code: ErrorCode.InternalError,
        reason: 'Internal error',
      });
    expect(heard).toEqual([failure, expect.objectContaining({ code: 'bad-result' })]);
    expect((await client.readResource('test://good')).contents).toHaveLength(1);
  });

  test('an update reaches those who follow the resource', async () => {
    const server = createServer(info).resource('a', 'test://a', () => 'x');
    await using client = await open(server);
    const listening = await client.listen({
      resourceSubscriptions: ['test://a'],
      resourcesListChanged: true,
    });
    server.resourceUpdated('test://a');
    const changes = [];
    for await (const change of listening) {
      changes.push(change);
      if (changes.length === 1) server.resource('b', 'test://b', () => 'y');
      else break;
    }
    expect(changes).toEqual([{ kind: 'resource', uri: 'test://a' }, { kind: 'resources' }]);
  });

  test('hints on reuse are the safe ones unless given', async () => {
    const server = createServer(info)
      .resource('a', 'test://a', () => 'x')
      .resource('b', 'test://b', { caching: { ttlMs: 1000, cacheScope: 'public' } }, () => 'x');
    await using client = await open(server);
    const hints = async (uri: string) => {
      const { ttlMs, cacheScope } = await client.readResource(uri);
      return { ttlMs, cacheScope };
    };
    const none = { ttlMs: undefined, cacheScope: undefined };
    expect(await hints('test://a')).toEqual(era === 'modern' ? { ttlMs: 0, cacheScope: 'private' } : none);
    expect(await hints('test://b')).toEqual(era === 'modern' ? { ttlMs: 1000, cacheScope: 'public' } : none);
  });
});

test.each(['', 'relative', 'test://{id}', 'x'.repeat(8193), 5 as never])(
  '%#: an address that is no URI is refused',
  (uri) => {
    expect(() => createServer(info).resource('r', uri, () => 'x')).toThrow(/^bad-address: /);
  },
);
