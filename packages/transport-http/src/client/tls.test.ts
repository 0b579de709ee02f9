import { createServer, type ServerOptions } from 'node:https';
import * as tls from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTHORITY, EXPIRED, OTHER_HOST, SELF_SIGNED, TRUSTED } from '../fixtures/certificates.ts';
import { linked, lossOf, MODERN, type Outcome } from '../fixtures/linked.ts';
import { resultOf, scripted, type ScriptedServer } from '../fixtures/scripted-server.ts';

// Which authorities are trusted can be changed while Node runs from 22.19 on; the types are those of an older one.
const trust = tls as unknown as {
  getCACertificates(kind: 'default'): string[];
  setDefaultCACertificates(certificates: string[]): void;
};
let before: string[] = [];
beforeAll(() => {
  before = trust.getCACertificates('default');
  trust.setDefaultCACertificates([...before, AUTHORITY]);
});
afterAll(() => trust.setDefaultCACertificates(before));

function secure(options: ServerOptions): Promise<ScriptedServer> {
  return scripted((hit) => hit.result(), { serve: (listener) => createServer(options, listener) as never });
}

async function outcomeOf(options: ServerOptions): Promise<{ outcome: Outcome; hits: number }> {
  await using server = await secure(options);
  await using client = await linked(server.url);
  return { outcome: await client.ask('m', { revision: MODERN }), hits: server.hits.length };
}

describe('a connection that cannot be trusted is not made, and not tried again (F030)', () => {
  test.each<[string, ServerOptions]>([
    ['expired', EXPIRED],
    ['self-signed', SELF_SIGNED],
    ['for another host', OTHER_HOST],
  ])('with a certificate that is %s', async (_, identity) => {
    const { outcome, hits } = await outcomeOf(identity);
    expect(lossOf(outcome)).toMatchObject({ code: 'tls', delivery: 'not-sent' });
    expect(hits).toBe(0);
  });

  test('over TLS 1.0', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    const { outcome, hits } = await outcomeOf({ ...TRUSTED, ...old });
    expect(lossOf(outcome)).toMatchObject({ code: 'tls', delivery: 'not-sent' });
    expect(hits).toBe(0);
  });

  test('where the server speaks no TLS at all', async () => {
    await using server = await scripted((hit) => hit.result());
    await using client = await linked(server.url.replace('http:', 'https:'));
    expect(lossOf(await client.ask('m', { revision: MODERN }))).toMatchObject({
      code: 'tls',
      delivery: 'not-sent',
    });
  });
});

test('one that can be trusted is', async () => {
  expect((await outcomeOf(TRUSTED)).outcome).toEqual({ answer: resultOf(1) });
});

test('a secure server cannot send a client to an insecure one', async () => {
  await using insecure = await scripted((hit) => hit.result());
  await using server = await scripted((hit) => hit.reply(307, '', { location: insecure.url }), {
    serve: (listener) => createServer(TRUSTED, listener) as never,
  });
  await using client = await linked(server.url, { headers: { authorization: 'secret' } });
  expect(lossOf(await client.ask('m', { revision: MODERN }))).toMatchObject({
    code: 'redirect-blocked',
    delivery: 'not-sent',
  });
  expect(insecure.hits).toEqual([]);
});
