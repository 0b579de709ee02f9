import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from 'oauth4webapi';
import { memoryStore } from '@trunkline/store';
import { describe, expect, test } from 'vitest';
import { authorizationCode } from '../client/grants/authorization-code.ts';
import { withAuth } from '../client/with-auth.ts';
import { Browser, ISSUER, open, REDIRECT, RESOURCE, settle, type Town } from '../fixtures/town.ts';
import { failure, post } from '../fixtures/user.ts';
import { authorizationServer } from './authorization-server.ts';

const VERIFIER = generateRandomCodeVerifier();

/** The address of a sound request, with changes. */
async function request(changes: Record<string, string | undefined> = {}): Promise<string> {
  const parameters = {
    response_type: 'code',
    client_id: 'known',
    redirect_uri: REDIRECT,
    state: 'the-state',
    code_challenge: await calculatePKCECodeChallenge(VERIFIER),
    code_challenge_method: 'S256',
    scope: 'read',
    resource: RESOURCE,
    ...changes,
  };
  const url = new URL(`${ISSUER}/authorize`);
  for (const [name, value] of Object.entries(parameters))
    if (value !== undefined) url.searchParams.set(name, value);
  return url.href;
}

const known = { clientId: 'known', clientName: 'Known <b>client</b>', redirectUris: [REDIRECT] };

async function codeFrom(browser: Browser): Promise<string> {
  await browser.open(await request());
  return (await browser.answer('allow')).searchParams.get('code') ?? '';
}

async function token(
  town: Town,
  form: Record<string, string>,
  headers = {},
): Promise<{ status: number; body: Record<string, string> }> {
  const response = await town.fetch(`${ISSUER}/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(form).toString(),
  });
  expect(response.headers.get('cache-control')).toBe('no-store');
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

function exchange(code: string, changes: Record<string, string> = {}): Record<string, string> {
  return {
    grant_type: 'authorization_code',
    code,
    client_id: 'known',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    ...changes,
  };
}

describe('an authorization server', () => {
  test('lets a client sign in, step up, refresh and be revoked', async () => {
    const { town } = settle();
    const browser = new Browser(town);
    const grant = authorizationCode({ redirectUri: REDIRECT, authorize: browser.authorize });
    const authFetch = withAuth(town.fetch, { grant, now: () => town.now });
    const call = async (name = 'look'): Promise<unknown> => {
      const init = post();
      return (
        await authFetch(RESOURCE, { ...init, headers: { 'mcp-method': 'tools/call', 'mcp-name': name } })
      ).json();
    };
    expect(await call()).toMatchObject({ subject: 'ann', issuer: ISSUER, scopes: ['read'] });
    expect(browser.page).toContain('<code>http://127.0.0.1:9001/mcp</code>');
    expect(await call('write')).toMatchObject({ scopes: ['read', 'write'] });
    town.now += 541_000;
    expect(await call('write')).toMatchObject({ scopes: ['read', 'write'] });
    expect(browser.visited.filter((address) => address.endsWith('/authorize'))).toHaveLength(4);
  });

  test('publishes what it does', async () => {
    const { town } = settle({ issuer: `${ISSUER}/tenant`, clients: [known] });
    const response = await town.fetch(`${ISSUER}/.well-known/oauth-authorization-server/tenant`, {});
    expect(await response.json()).toMatchObject({
      issuer: `${ISSUER}/tenant`,
      authorization_endpoint: `${ISSUER}/tenant/authorize`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
      client_id_metadata_document_supported: true,
      authorization_response_iss_parameter_supported: true,
    });
  });

  test('is not made where nobody could use it safely', () => {
    const base = { store: memoryStore(), authenticate: () => ({ subject: 'x' }), resources: [RESOURCE] };
    for (const options of [
      { issuer: 'http://as.example' },
      { issuer: 'https://as.example/?x' },
      { issuer: 'https://as.example', resources: [] },
      { issuer: 'https://as.example', consent: 'always-dangerous' as const },
    ])
      expect(() => authorizationServer({ ...base, ...options })).toThrow('misuse');
  });
});

describe('a request', () => {
  test.each([
    ['of an unknown client', { client_id: 'nobody' }],
    ['to an address that is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['to an address that begins like a registered one', { redirect_uri: `${REDIRECT}/evil` }],
    ['to no address', { redirect_uri: undefined }],
    ['to an address that runs code', { redirect_uri: 'javascript:alert(1)' }],
  ])('%s redirects nobody', async (_, changes) => {
    const { town } = settle({ clients: [known] });
    const browser = new Browser(town);
    expect((await browser.open(await request(changes))).origin).toBe(ISSUER);
    expect(browser.page).toContain('Cannot continue');
  });

  test.each([
    ['without PKCE', { code_challenge: undefined }, 'invalid_request'],
    ['with plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for tokens at once', { response_type: 'token' }, 'unsupported_response_type'],
    ['for another server', { resource: 'https://other.example/mcp' }, 'invalid_target'],
    ['for unknown scopes', { scope: 'read root' }, 'invalid_scope'],
  ])('%s is answered with an error, by name', async (_, changes, error) => {
    const { town } = settle({ clients: [known] });
    const { searchParams } = await new Browser(town).open(await request(changes));
    expect(Object.fromEntries(searchParams)).toMatchObject({ error, state: 'the-state', iss: ISSUER });
  });

  test('may come back to another port of the same machine', async () => {
    const { town } = settle({ clients: [{ ...known, redirectUris: ['http://127.0.0.1/callback'] }] });
    const browser = new Browser(town);
    await browser.open(await request());
    expect((await browser.answer('allow')).href).toContain(REDIRECT);
  });
});

describe('the user', () => {
  test('sees who asks, for what, and where the answer goes, in a page that runs nothing (H018)', async () => {
    const { town } = settle({ clients: [known] });
    const browser = new Browser(town);
    await browser.open(await request());
    expect(browser.page).toContain('Known &lt;b&gt;client&lt;/b&gt;');
    expect(browser.page).toContain('<strong>127.0.0.1:9002</strong>');
    expect(browser.page).toContain('<li>read</li>');
    expect(browser.page).toContain('Any program on this device could ask in its name.');
    expect(browser.headers.get('content-security-policy')).toBe(
      "default-src 'none'; form-action 'self' http://127.0.0.1:9002; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(browser.headers.get('x-frame-options')).toBe('DENY');
    // Else browsers would send the answer with an origin of null.
    expect(browser.headers.get('referrer-policy')).toBe('same-origin');
  });

  test('may say no, and says so once', async () => {
    const { town } = settle({ clients: [known] });
    const browser = new Browser(town);
    await browser.open(await request());
    expect((await browser.answer('deny')).searchParams.get('error')).toBe('access_denied');
    expect((await browser.answer('allow')).origin).toBe(ISSUER);
    expect(browser.page).toContain('answered before');
  });

  test('is not answered for by another site, another browser, another user, or too late', async () => {
    let subject = 'ann';
    const { town } = settle({ clients: [known], authenticate: () => ({ subject }) });
    const browser = new Browser(town);
    await browser.open(await request());
    await browser.answer('allow', { origin: 'https://evil.example' });
    expect(browser.page).toContain('another site');
    const other = new Browser(town);
    other.page = (await browser.open(await request()), browser.page);
    await other.answer('allow');
    expect(other.page).toContain('another browser');
    await browser.open(await request());
    subject = 'bob';
    await browser.answer('allow');
    expect(browser.page).toContain('another user');
    await browser.open(await request());
    town.now += 601_000;
    await browser.answer('allow');
    expect(browser.page).toContain('too long ago');
  });

  test('signs in first', async () => {
    const login = new Response(null, { status: 302, headers: { location: 'https://login.example/' } });
    const { as } = settle({ clients: [known], authenticate: () => login });
    const response = await as.app.request(await request());
    expect(response.headers.get('location')).toBe('https://login.example/');
  });

  test('is asked in a cookie that other hosts cannot set, where there is https', async () => {
    const { as } = settle({ issuer: 'https://as.example', clients: [known] });
    const response = await as.app.request((await request()).replace(ISSUER, 'https://as.example'));
    expect(response.headers.get('set-cookie')).toMatch(
      /^__Host-trunkline-consent=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

describe('a code (H015)', () => {
  test.each<[string, Record<string, string>]>([
    ['without verifier', { code_verifier: '' }],
    ['with the wrong verifier', { code_verifier: generateRandomCodeVerifier() }],
    ['for another address', { redirect_uri: 'http://127.0.0.1:1/callback' }],
    ['for another client', { client_id: 'other' }],
  ])('is not exchanged %s', async (_, changes) => {
    const { town } = settle({ clients: [known, { ...known, clientId: 'other' }] });
    const code = await codeFrom(new Browser(town));
    expect(await token(town, exchange(code, changes))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });

  test('is not exchanged for another resource', async () => {
    const { town } = settle({ clients: [known] });
    const form = exchange(await codeFrom(new Browser(town)), { resource: 'https://other.example/mcp' });
    expect(await token(town, form)).toMatchObject({ status: 400, body: { error: 'invalid_target' } });
  });

  test('that is shown twice revokes what it was exchanged for', async () => {
    const { town, as } = settle({ clients: [known] });
    const code = await codeFrom(new Browser(town));
    const { body } = await token(town, exchange(code));
    expect(await as.verifyToken(body['access_token'] ?? '')).toMatchObject({
      subject: 'ann',
      audience: [RESOURCE],
    });
    expect(await token(town, exchange(code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await as.verifyToken(body['access_token'] ?? '')).toBeUndefined();
    const refresh = {
      grant_type: 'refresh_token',
      client_id: 'known',
      refresh_token: body['refresh_token'] ?? '',
    };
    expect(await token(town, refresh)).toMatchObject({ status: 400 });
  });

  test('is worth nothing after a minute', async () => {
    const { town } = settle({ clients: [known] });
    const code = await codeFrom(new Browser(town));
    town.now += 61_000;
    expect(await token(town, exchange(code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
  });
});

describe('a refresh token', () => {
  test('is replaced, and revokes everything if it is shown again', async () => {
    const { town, as } = settle({ clients: [known] });
    const { body: first } = await token(town, exchange(await codeFrom(new Browser(town))));
    const refresh = (from: Record<string, string>, more = {}): ReturnType<typeof token> =>
      token(town, {
        grant_type: 'refresh_token',
        client_id: 'known',
        refresh_token: from['refresh_token'] ?? '',
        ...more,
      });
    expect(await refresh(first, { scope: 'read write' })).toMatchObject({ body: { error: 'invalid_scope' } });
    expect(await refresh(first, { resource: 'https://other.example' })).toMatchObject({
      body: { error: 'invalid_target' },
    });
    const { body: second } = await refresh(first);
    expect(await as.verifyToken(second['access_token'] ?? '')).toMatchObject({ scopes: ['read'] });
    expect((await refresh(first)).status).toBe(400);
    expect(await as.verifyToken(second['access_token'] ?? '')).toBeUndefined();
    expect((await refresh(second)).status).toBe(400);
  });

  test('is of one client', async () => {
    const { town } = settle({ clients: [known, { ...known, clientId: 'other' }] });
    const { body } = await token(town, exchange(await codeFrom(new Browser(town))));
    const form = {
      grant_type: 'refresh_token',
      client_id: 'other',
      refresh_token: body['refresh_token'] ?? '',
    };
    expect(await token(town, form)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
  });
});

describe('an access token', () => {
  test('ends, and can be revoked by its client alone', async () => {
    const { town, as } = settle({ clients: [known, { ...known, clientId: 'other' }] });
    const { body } = await token(town, exchange(await codeFrom(new Browser(town))));
    const secret = body['access_token'] ?? '';
    const revoke = (client: string, what: string): Promise<Response> =>
      town.fetch(`${ISSUER}/revoke`, {
        method: 'POST',
        body: new URLSearchParams({ client_id: client, token: what }),
      });
    expect((await revoke('other', secret)).status).toBe(200);
    expect(await as.verifyToken(secret)).toBeDefined();
    await revoke('known', secret);
    expect(await as.verifyToken(secret)).toBeUndefined();
    const { body: next } = await token(town, exchange(await codeFrom(new Browser(town))));
    town.now += 600_000;
    expect(await as.verifyToken(next['access_token'] ?? '')).toBeUndefined();
  });

  test('is told about to the server that it was made for alone', async () => {
    const server = { clientId: 'mcp', clientSecret: 'mcp-secret', resource: RESOURCE };
    const stranger = { clientId: 'else', clientSecret: 'x', resource: 'https://other.example/mcp' };
    const { town } = settle({ clients: [known], resourceServers: [server, stranger] });
    const { body } = await token(town, exchange(await codeFrom(new Browser(town))));
    const ask = async (id: string, secret: string): Promise<unknown> =>
      (
        await town.fetch(`${ISSUER}/introspect`, {
          method: 'POST',
          headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}` },
          body: new URLSearchParams({ token: body['access_token'] ?? '' }),
        })
      ).json();
    expect(await ask('mcp', 'mcp-secret')).toMatchObject({
      active: true,
      sub: 'ann',
      aud: RESOURCE,
      client_id: 'known',
    });
    expect(await ask('else', 'x')).toEqual({ active: false });
    expect(await ask('mcp', 'wrong')).toMatchObject({ error: 'invalid_client' });
  });
});

describe('a client', () => {
  const register = async (
    town: Town,
    metadata: unknown,
  ): Promise<{ status: number; body: Record<string, string> }> => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(metadata),
    };
    const response = await town.fetch(`${ISSUER}/register`, init);
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };

  test.each(['client_secret_basic', 'client_secret_post'])(
    'that registers with a secret must show it (%s)',
    async (method) => {
      const { town } = settle();
      const { status, body } = await register(town, {
        client_name: 'x',
        redirect_uris: [REDIRECT],
        token_endpoint_auth_method: method,
      });
      expect(status).toBe(201);
      const [id, secret] = [body['client_id'] ?? '', body['client_secret'] ?? ''];
      const browser = new Browser(town);
      await browser.open(await request({ client_id: id }));
      const code = (await browser.answer('allow')).searchParams.get('code') ?? '';
      const form = exchange(code, { client_id: id });
      expect(await token(town, form)).toMatchObject({ status: 401, body: { error: 'invalid_client' } });
      expect(await token(town, { ...form, client_secret: 'wrong' })).toMatchObject({ status: 401 });
      const proof =
        method === 'client_secret_post'
          ? token(town, { ...form, client_secret: secret })
          : token(town, form, { authorization: `Basic ${btoa(`${id}:${secret}`)}` });
      expect(await proof).toMatchObject({ status: 200, body: { token_type: 'Bearer' } });
    },
  );

  test.each([
    [{ redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['http://evil.example/'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{}, 'invalid_redirect_uri'],
    [{ redirect_uris: [REDIRECT], token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    [[], 'invalid_client_metadata'],
  ])('that asks for what is not to be had is not registered (%j)', async (metadata, error) => {
    expect(await register(settle().town, metadata)).toMatchObject({ status: 400, body: { error } });
  });

  test('cannot register where that is off, nor with more than 64 KiB', async () => {
    const { town } = settle({ registration: false });
    expect((await town.fetch(`${ISSUER}/register`, { method: 'POST', body: '{}' })).status).toBe(404);
    expect(await register(settle().town, { client_name: 'x'.repeat(70_000) })).toMatchObject({ status: 413 });
    const { town: other } = settle({ clients: [known] });
    expect(await token(other, { client_id: 'known', padding: 'x'.repeat(70_000) })).toMatchObject({
      status: 413,
    });
  });

  test('may be a document that names itself, and is fetched from public addresses only', async () => {
    const { town } = settle();
    const id = 'https://app.example/client.json';
    let document: object = { client_id: id, client_name: 'App', redirect_uris: [REDIRECT] };
    town.places.set('https://app.example', () => Response.json(document));
    const browser = new Browser(town);
    await browser.open(await request({ client_id: id }));
    expect(browser.page).toContain(`It is identified by <code>${id}</code>.`);
    const code = (await browser.answer('allow')).searchParams.get('code') ?? '';
    expect(await token(town, exchange(code, { client_id: id }))).toMatchObject({ status: 200 });
    town.now += 301_000;
    for (document of [
      { client_id: 'https://app.example/other.json', redirect_uris: [REDIRECT] },
      { client_id: id, redirect_uris: ['javascript:alert(1)'] },
      { client_id: id, redirect_uris: [REDIRECT], token_endpoint_auth_method: 'client_secret_basic' },
    ]) {
      await browser.open(await request({ client_id: id }));
      expect(browser.page).toContain('not known');
    }
    let visited = false;
    town.places.set('https://10.0.0.1', () => ((visited = true), Response.json({})));
    await browser.open(await request({ client_id: 'https://10.0.0.1/client.json' }));
    expect([visited, browser.page.includes('not known')]).toEqual([false, true]);
  });

  test.each(['a=1&a=2', 'grant_type=password', ''])(
    'that sends %j as a token request gets an error',
    async (body) => {
      const { town } = settle({ clients: [known] });
      const response = await town.fetch(`${ISSUER}/token`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `client_id=known&${body}`,
      });
      expect(response.status).toBe(400);
    },
  );
});

test('several processes are one server, and the store holds no secret', async () => {
  const values: string[] = [];
  const inner = memoryStore();
  const store = {
    ...bound(inner),
    set: async (key: string, value: string) => (values.push(key, value), inner.set(key, value)),
  };
  const { town } = settle({ clients: [{ ...known, clientSecret: 'plain-secret' }], store });
  const browser = new Browser(town);
  const code = await codeFrom(browser);
  const second = settle({ clients: [{ ...known, clientSecret: 'plain-secret' }], store });
  open(second.town, second.as);
  const { body } = await token(second.town, exchange(code, { client_secret: 'plain-secret' }));
  expect(await second.as.verifyToken(body['access_token'] ?? '')).toBeDefined();
  for (const secret of [code, body['access_token'], body['refresh_token'], 'plain-secret'])
    expect(values.join()).not.toContain(secret);
});

function bound(store: ReturnType<typeof memoryStore>): ReturnType<typeof memoryStore> {
  return {
    get: (key) => store.get(key),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key) => store.delete(key),
    compareAndSet: (key, expected, value, options) => store.compareAndSet(key, expected, value, options),
    append: (log, entry, options) => store.append(log, entry, options),
    read: (log, options) => store.read(log, options),
    drop: (log) => store.drop(log),
    publish: (topic, message) => store.publish(topic, message),
    subscribe: (topic, listener) => store.subscribe(topic, listener),
    close: () => store.close(),
  };
}

test('a client that was denied says so', async () => {
  const { town } = settle();
  const browser = new Browser(town);
  const authorize = async (url: string): Promise<URL> => {
    await browser.open(url);
    return browser.answer('deny');
  };
  const authFetch = withAuth(town.fetch, { grant: authorizationCode({ redirectUri: REDIRECT, authorize }) });
  expect(await failure(authFetch(RESOURCE, post()))).toBe('denied');
});
