import { ErrorCode, RemoteError } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import type { Extension } from './extension.ts';
import { createServer, type FastServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

/** An extension as another package would write it. */
function counting(heard: string[] = []): Extension<FastServer<object, { readonly step: number }>> {
  let count = 0;
  return {
    id: 'com.example/counting',
    settings: { unit: 'calls' },
    methods: {
      'counting/get': (_params, context) => ({ count, step: (context.values as { step: number }).step }),
      'counting/refuse': () => {
        throw new RemoteError(-7, 'refused');
      },
    },
    notifications: { 'notifications/counting/reset': () => void heard.push('reset') },
    middleware: (_call, next) => ((count += 1), next()),
    layer: (next) => (params, context) => (heard.push(context.method), next(params, context)),
    install: (server) => server.resource('count', 'counting://count', () => `${count}`),
  };
}

describe.each(['modern', 'legacy'] as const)('an extension, %s', (era) => {
  test('is declared, answers, hears, and is around every call', async () => {
    const heard: string[] = [];
    const server = createServer({ ...info, lifespan: () => ({ step: 1 }) })
      .tool('t', () => 'x')
      .extend(counting(heard));
    await using client: Client = await connect(server, { eras: [era] });
    expect(client.capabilities.extensions).toEqual({ 'com.example/counting': { unit: 'calls' } });
    await client.callTool('t');
    expect(await client.request('counting/get')).toMatchObject({ count: 1, step: 1 });
    await expect(client.request('counting/refuse')).rejects.toMatchObject({ code: -7 });
    await client.notify('notifications/counting/reset');
    expect((await client.readResource('counting://count')).contents).toMatchObject([{ text: '2' }]);
    expect(heard).toEqual(expect.arrayContaining(['reset', 'tools/call', 'counting/get', 'resources/read']));
    await expect(client.request('counting/other')).rejects.toMatchObject({ code: ErrorCode.MethodNotFound });
  });
});

test('an identifier that is none, or is taken, adds nothing', () => {
  const server = createServer({ ...info, lifespan: () => ({ step: 1 }) }).extend(counting());
  for (const id of ['counting', '', 'com.example/', 'com.example/counting'])
    expect(() => server.extend({ id, methods: { 'x/y': () => ({}) } })).toThrow(
      expect.objectContaining({ name: 'DefinitionError' }),
    );
  expect(server.core.capabilities.extensions).toEqual({ 'com.example/counting': { unit: 'calls' } });
});
