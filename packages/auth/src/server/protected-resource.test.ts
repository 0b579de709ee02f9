import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import { METADATA, stage, type Stage } from '../fixtures/stage.ts';
import { introspectedTokens } from './introspected-tokens.ts';
import { jwtTokens } from './jwt-tokens.ts';
import { protectedResource, type ProtectedResourceOptions } from './protected-resource.ts';
import type { RequestHead } from './head.ts';
import type { VerifiedToken } from './token-verifier.ts';

const RESOURCE = 'https://mcp.example/mcp';
const ISSUER = 'https://as.example';
const METADATA_URL = 'https://mcp.example/.well-known/oauth-protected-resource/mcp';
const NOW = 1_800_000_000_000;

function head(fields: Record<string, string> = {}, url = '/mcp'): RequestHead {
  return { method: 'POST', url, header: (name) => fields[name] };
}

function bearer(token: string, fields: Record<string, string> = {}): RequestHead {
  return head({ authorization: `Bearer ${token}`, ...fields });
}

function verified(change: Partial<VerifiedToken> = {}): VerifiedToken {
  return {
    issuer: ISSUER,
    subject: 'user',
    clientId: 'client',
    scopes: ['read'],
    audience: [RESOURCE],
    expiresAt: NOW / 1_000 + 600,
    ...change,
  };
}

function guard(options: Partial<ProtectedResourceOptions> = {}): ReturnType<typeof protectedResource> {
  return protectedResource({
    resource: RESOURCE,
    authorizationServers: [ISSUER],
    tokens: async (token) => (token === 'good' ? verified() : undefined),
    scopes: ['read'],
    now: () => NOW,
    ...options,
  });
}

describe('a protected resource', () => {
  test('knows who shows a good token, and keeps the token to itself', async () => {
    const auth = await guard().verify(bearer('good'));
    expect(auth).toEqual({
      clientId: 'client',
      scopes: ['read'],
      issuer: ISSUER,
      subject: 'user',
      expiresAt: NOW / 1_000 + 600,
    });
    expect(JSON.stringify(auth)).not.toContain('good');
  });

  test('asks whoever shows none, without calling it an error', async () => {
    for (const nothing of [
      head(),
      head({ authorization: 'Basic eDp5' }),
      head({}, '/mcp?access_token=good'),
    ]) {
      expect(await guard().verify(nothing)).toMatchObject({
        status: 401,
        headers: { 'www-authenticate': `Bearer scope="read", resource_metadata="${METADATA_URL}"` },
      });
    }
  });

  test.each<[string, Partial<VerifiedToken>]>([
    ['for another server', { audience: ['https://other.example/mcp'] }],
    ['for a server with a longer name', { audience: [`${RESOURCE}-evil`] }],
    ['for nobody', { audience: [] }],
    ['of an issuer that is not trusted', { issuer: 'https://evil.example' }],
    ['that has expired', { expiresAt: NOW / 1_000 - 61 }],
    ['without end', { expiresAt: Infinity }],
  ])('refuses a token %s', async (_, change) => {
    const answer = await guard({ tokens: async () => verified(change) }).verify(bearer('good'));
    expect(answer).toMatchObject({ status: 401 });
    expect(JSON.stringify(answer)).toContain('error=\\"invalid_token\\"');
  });

  test('allows clocks to differ by a minute (H019)', async () => {
    const late = guard({ tokens: async () => verified({ expiresAt: NOW / 1_000 - 59 }) });
    expect(await late.verify(bearer('good'))).toMatchObject({ clientId: 'client' });
  });

  test.each(['Bearer', 'Bearer a b', 'Bearer a, Bearer b', 'Bearer "quoted"'])(
    'answers 400 to a field that is malformed: %s',
    async (authorization) => {
      expect(await guard().verify(head({ authorization }))).toMatchObject({ status: 400 });
    },
  );

  test('names all scopes that an operation needs, before its body is read', async () => {
    const { verify } = guard({
      operationScopes: ({ method, name }) =>
        method === 'tools/call' && name === 'löschen' ? ['write', 'delete'] : [],
    });
    const modern = { 'mcp-method': 'tools/call', 'mcp-name': '=?base64?bMO2c2NoZW4=?=' };
    expect(await verify(bearer('good', modern))).toMatchObject({
      status: 403,
      headers: {
        'www-authenticate': `Bearer error="insufficient_scope", error_description="the operation needs more scopes", scope="read write delete", resource_metadata="${METADATA_URL}"`,
      },
    });
    expect(await verify(bearer('good', { ...modern, 'mcp-name': 'other' }))).toMatchObject({
      clientId: 'client',
    });
    expect(await verify(bearer('good', { ...modern, 'mcp-name': '=?base64?*?=' }))).toMatchObject({
      status: 400,
    });
  });

  test('asks for scopes again where the request arrives, for what names no operation before its body', () => {
    const { layer } = guard({ operationScopes: ({ name }) => (name === 'delete' ? ['write'] : []) });
    const call = layer((params: { name: string }) => `did ${params.name}`);
    const context = (scopes: string[]): Parameters<typeof call>[1] => ({
      method: 'tools/call',
      origin: { auth: { clientId: 'c', scopes } },
    });
    expect(call({ name: 'look' }, context(['read']))).toBe('did look');
    expect(call({ name: 'delete' }, context(['read', 'write']))).toBe('did delete');
    expect(() => call({ name: 'delete' }, context(['read']))).toThrow(
      '403: tools/call needs the scopes read write',
    );
    expect(() => call({ name: 'look' }, { method: 'tools/call', origin: {} })).toThrow('403');
  });

  test('knows which scopes contain others', async () => {
    const satisfies = (granted: readonly string[], required: string): boolean =>
      granted.includes(required) || granted.includes('admin');
    const admin = guard({ satisfies, tokens: async () => verified({ scopes: ['admin'] }) });
    expect(await admin.verify(bearer('good'))).toMatchObject({ scopes: ['admin'] });
  });

  test('publishes its metadata below its path and at the root', async () => {
    const { pages, metadataUrl } = guard({
      metadata: { resource_name: 'Files', resource: 'https://evil.example' },
    });
    expect(metadataUrl).toBe(METADATA_URL);
    expect(Object.keys(pages)).toEqual([
      '/.well-known/oauth-protected-resource/mcp',
      '/.well-known/oauth-protected-resource',
    ]);
    const page = Object.values(pages)[0];
    expect(await page?.(new Request(metadataUrl)).json()).toEqual({
      resource: RESOURCE,
      resource_name: 'Files',
      authorization_servers: [ISSUER],
      bearer_methods_supported: ['header'],
      scopes_supported: ['read'],
    });
    expect(page?.(new Request(metadataUrl, { method: 'POST' })).status).toBe(405);
  });

  test('is not made without what protects it', () => {
    for (const options of [
      { resource: 'http://mcp.example/mcp' },
      { resource: `${RESOURCE}#part` },
      { resource: 'mcp' },
      { authorizationServers: [] },
      { audience: [] },
      { scopes: ['two words'] },
    ])
      expect(() => guard(options)).toThrow('misuse');
  });

  test('accepts tokens that were made for others only where that is written down as dangerous', async () => {
    const tokens = async (): Promise<VerifiedToken> => verified({ audience: ['else'] });
    expect(await guard({ tokens, audience: 'unchecked-dangerous' }).verify(bearer('good'))).toMatchObject({
      clientId: 'client',
    });
    expect(await guard({ tokens, audience: ['else'] }).verify(bearer('good'))).toMatchObject({
      clientId: 'client',
    });
  });
});

/** An issuer with keys that can be exchanged. */
async function keyed(): Promise<{
  as: Stage;
  sign: (claims: JWTPayload, typ?: string) => Promise<string>;
  rotate: () => Promise<void>;
}> {
  const as = await stage();
  let key: { privateKey: CryptoKey; kid: string };
  let count = 0;
  let jwks: unknown;
  const rotate = async (): Promise<void> => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    key = { privateKey, kid: `key-${(count += 1)}` };
    jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: key.kid, alg: 'ES256', use: 'sig' }] };
  };
  await rotate();
  as.on('/jwks', () => ({ json: jwks }));
  as.on(METADATA, () => ({ json: { issuer: as.origin, jwks_uri: `${as.origin}/jwks` } }));
  const sign = (claims: JWTPayload, typ = 'at+jwt'): Promise<string> =>
    new SignJWT({
      iss: as.origin,
      aud: RESOURCE,
      sub: 'user',
      client_id: 'client',
      scope: 'read write',
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ })
      .setIssuedAt()
      .sign(key.privateKey);
  return { as, sign, rotate };
}

describe('tokens that are JWTs', () => {
  const soon = (): number => Math.floor(Date.now() / 1_000) + 600;

  test('are read with keys that are fetched once', async () => {
    const { as, sign } = await keyed();
    await using _ = as;
    const read = jwtTokens({ issuer: as.origin });
    expect(await read(await sign({ exp: soon() }))).toMatchObject({
      issuer: as.origin,
      subject: 'user',
      clientId: 'client',
      scopes: ['read', 'write'],
      audience: [RESOURCE],
    });
    await Promise.all([1, 2, 3].map(async () => read(await sign({ exp: soon() }))));
    expect(as.at('/jwks')).toHaveLength(1);
  });

  test('are refused unless signed by the issuer, for now, as access tokens, for bearers', async () => {
    const { as, sign } = await keyed();
    await using _ = as;
    const stranger = await keyed();
    await using __ = stranger.as;
    const read = jwtTokens({ issuer: as.origin });
    const unsigned = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ iss: as.origin, aud: RESOURCE, exp: soon() }))}.`;
    for (const token of [
      'rubbish',
      unsigned.replaceAll('=', ''),
      await stranger.sign({ iss: as.origin, exp: soon() }),
      await sign({ exp: soon() - 700 }),
      await sign({}),
      await sign({ exp: soon(), nbf: soon() - 300 }),
      await sign({ exp: soon(), iss: 'https://evil.example' }),
      await sign({ exp: soon() }, 'oauth-id-jag+jwt'),
      await sign({ exp: soon(), cnf: { jkt: 'thumb' } }),
    ])
      expect(await read(token)).toBeUndefined();
  });

  test('are read after the keys were exchanged', async () => {
    const { as, sign, rotate } = await keyed();
    await using _ = as;
    const read = jwtTokens({ issuer: as.origin, keyCooldown: 0 });
    expect(await read(await sign({ exp: soon() }))).toBeDefined();
    await rotate();
    expect(await read(await sign({ exp: soon() }))).toBeDefined();
    expect(as.at('/jwks')).toHaveLength(2);
  });

  test("cannot be judged while the issuer is away, and that is not the token's fault", async () => {
    const as = await stage();
    await using _ = as;
    const read = jwtTokens({ issuer: as.origin });
    await expect(read('a.b.c')).rejects.toMatchObject({ code: 'discovery' });
  });
});

describe('tokens that the issuer is asked about', () => {
  test('are what it says, and are shown to it alone, as this server', async () => {
    await using as = await stage();
    as.on(METADATA, () => ({
      json: { issuer: as.origin, introspection_endpoint: `${as.origin}/introspect` },
    }));
    as.on('/introspect', ({ form }) => ({
      json:
        form.get('token') === 'good'
          ? {
              active: true,
              client_id: 'client',
              sub: 'user',
              aud: RESOURCE,
              scope: 'read',
              exp: 2_000_000_000,
            }
          : { active: false },
    }));
    const client = { issuer: as.origin, clientId: 'server', clientSecret: 'secret' };
    const read = introspectedTokens({ client });
    expect(await read('good')).toMatchObject({ issuer: as.origin, clientId: 'client', audience: [RESOURCE] });
    expect(await read('bad')).toBeUndefined();
    expect(as.at('/introspect')[0]?.headers.authorization).toBe(`Basic ${btoa('server:secret')}`);
    as.on('/introspect', () => ({ status: 401, json: { error: 'invalid_client' } }));
    await expect(read('good')).rejects.toMatchObject({ code: 'discovery', reason: 'invalid_client' });
  });
});
