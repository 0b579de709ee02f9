import { describe, expect, test } from 'vitest';
import {
  METADATA,
  RESOURCE_METADATA,
  scriptedIssuer,
  scriptedResource,
  type Stage,
} from '../fixtures/stage.ts';
import { agreeable, deferred, failure, platformFetch, post } from '../fixtures/user.ts';
import { memoryCredentials } from './credential-store.ts';
import { finishSignIn } from './finish-sign-in.ts';
import { clientCredentials } from './grants/client-credentials.ts';
import { withAuth } from './with-auth.ts';

describe('signing in', () => {
  test('meets the challenge and repeats the request with the token', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    const response = await authFetch(`${server.origin}/mcp`, post());
    expect(await response.json()).toEqual({ body: '{}', token: 'token-1' });
    const [request] = as.at('/authorize');
    expect(Object.fromEntries(request?.query ?? [])).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      resource: `${server.origin}/mcp`,
      client_id: 'client-1',
    });
    expect(Object.fromEntries(as.at('/token')[0]?.form ?? [])).toMatchObject({
      grant_type: 'authorization_code',
      resource: `${server.origin}/mcp`,
      client_id: 'client-1',
    });
  });

  test('happens once for all requests that wait', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => authFetch(`${server.origin}/mcp`, post())),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200));
    expect(as.at('/authorize')).toHaveLength(1);
    expect(as.at('/register')).toHaveLength(1);
  });

  test('that fails fails for all who wait, and is tried again by the next', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    let asked = 0;
    const grant = agreeable({ authorize: () => Promise.reject(new Error(`closed ${(asked += 1)}`)) });
    const authFetch = withAuth(platformFetch, { grant });
    const failures = await Promise.all(
      [1, 2, 3].map(() => failure(authFetch(`${server.origin}/mcp`, post()))),
    );
    expect(failures).toEqual(['denied', 'denied', 'denied']);
    expect(asked).toBe(1);
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('denied');
    expect(asked).toBe(2);
  });

  test('goes on when the request that wanted it gives up', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const { promise: answered, resolve: answer } = deferred<string>();
    const { promise: shown, resolve: show } = deferred<string>();
    const grant = agreeable({
      authorize: (url) => {
        show(url);
        return answered;
      },
    });
    const authFetch = withAuth(platformFetch, { grant });
    const hasty = new AbortController();
    const first = authFetch(`${server.origin}/mcp`, post(hasty.signal));
    const url = new URL(await shown);
    hasty.abort(new Error('too slow'));
    await expect(first).rejects.toThrow('too slow');
    const second = authFetch(`${server.origin}/mcp`, post());
    answer(`http://127.0.0.1:1/callback?code=x&state=${url.searchParams.get('state')}&iss=${as.origin}`);
    expect((await second).status).toBe(200);
    expect(as.at('/token')).toHaveLength(1);
  });

  test('ahead of the first request spares the challenge', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    await authFetch.signIn(`${server.origin}/mcp`);
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    expect(server.at('/mcp')).toHaveLength(1);
    await authFetch.signOut();
    await authFetch(`${server.origin}/mcp`, post());
    expect(as.at('/authorize')).toHaveLength(2);
  });

  test('is remembered by the store, under the full names of server and client', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const store = memoryCredentials();
    await withAuth(platformFetch, { grant: agreeable(), store })(`${server.origin}/mcp`, post());
    const again = withAuth(platformFetch, { grant: agreeable(), store });
    expect(await (await again(`${server.origin}/mcp`, post())).json()).toMatchObject({ token: 'token-1' });
    // Neither another path of the server, nor another client, finds the token.
    server.on('/mcp/other', ({ headers }) => ({ json: { had: headers.authorization ?? null } }));
    const other = withAuth(platformFetch, { grant: agreeable(), store });
    expect(await (await other(`${server.origin}/mcp/other`, post())).json()).toEqual({ had: null });
    const client = { issuer: as.origin, clientId: 'else' };
    const stranger = withAuth(platformFetch, { grant: agreeable({ client }), store });
    expect(await (await stranger(`${server.origin}/mcp`, post())).json()).toMatchObject({ token: 'token-2' });
  });

  test('may come back to another page', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const store = memoryCredentials();
    const { promise: left, resolve: leave } = deferred<string>();
    const away = agreeable({
      authorize: (url) => {
        leave(url);
        return new Promise(() => {});
      },
    });
    const first = withAuth(platformFetch, { grant: away, store });
    void first(`${server.origin}/mcp`, post());
    const response = await fetch(await left, { redirect: 'manual' });
    const callback = response.headers.get('location') ?? '';
    const next = { grant: agreeable(), store };
    expect(await finishSignIn(callback, next)).toBe(`${server.origin}/mcp`);
    expect(await (await withAuth(platformFetch, next)(`${server.origin}/mcp`, post())).json()).toMatchObject({
      token: 'token-1',
    });
    expect(await failure(finishSignIn(callback, next))).toBe('state-mismatch');
  });
});

describe('a token', () => {
  test('goes to no other origin', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    await using elsewhere = await scriptedResource(() => as.origin);
    const authFetch = withAuth(platformFetch, { grant: agreeable(), server: `${server.origin}/mcp` });
    await authFetch.signIn();
    const response = await authFetch(`${elsewhere.origin}/mcp`, post());
    expect(response.status).toBe(401);
    expect(elsewhere.seen.map(({ headers }) => headers.authorization)).toEqual([undefined]);
  });

  test('is refreshed a minute early, once for everybody, with the resource', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    let now = Date.now();
    const authFetch = withAuth(platformFetch, { grant: agreeable(), now: () => now });
    await authFetch(`${server.origin}/mcp`, post());
    now += 3_539_000;
    await authFetch(`${server.origin}/mcp`, post());
    expect(as.at('/token')).toHaveLength(1);
    now += 2_000;
    const answers = await Promise.all([1, 2, 3].map(() => authFetch(`${server.origin}/mcp`, post())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(as.at('/token').map(({ form }) => form.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
    ]);
    expect(as.at('/token')[1]?.form.get('resource')).toBe(`${server.origin}/mcp`);
    expect(as.at('/authorize')).toHaveLength(1);
  });

  test('that is refused is refreshed once, across concurrent requests', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(
      () => as.origin,
      (token) => token !== 'token-1',
    );
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    await authFetch.signIn(`${server.origin}/mcp`);
    const answers = await Promise.all([1, 2, 3, 4].map(() => authFetch(`${server.origin}/mcp`, post())));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(as.at('/token')).toHaveLength(2);
  });

  test('that was refreshed by another process is taken from the store', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(
      () => as.origin,
      (token) => token === 'token-2',
    );
    const store = memoryCredentials();
    const [one, two] = [1, 2].map(() => withAuth(platformFetch, { grant: agreeable(), store }));
    await one?.signIn(`${server.origin}/mcp`);
    await two?.signIn(`${server.origin}/mcp`);
    expect((await one?.(`${server.origin}/mcp`, post()))?.status).toBe(200);
    expect((await two?.(`${server.origin}/mcp`, post()))?.status).toBe(200);
    expect(as.at('/token')).toHaveLength(2);
  });
});

describe('a server that is never content', () => {
  test('gets one refresh and one sign-in for each request (401 after every refresh)', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(
      () => as.origin,
      () => false,
    );
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    await authFetch.signIn(`${server.origin}/mcp`);
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('unauthorized');
    expect(as.at('/token').map(({ form }) => form.get('grant_type'))).toEqual([
      'authorization_code',
      'refresh_token',
      'authorization_code',
    ]);
    expect(server.at('/mcp')).toHaveLength(3);
  });

  test('gets one step-up for each set of scopes, with what was asked for before (403 forever)', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    as.on('/token', () => ({ json: { access_token: 'token-x', token_type: 'bearer', scope: 'read' } }));
    server.on('/mcp', ({ headers }) =>
      headers.authorization === undefined
        ? { status: 401, headers: { 'www-authenticate': 'Bearer scope="read"' } }
        : {
            status: 403,
            headers: { 'www-authenticate': 'Bearer error="insufficient_scope", scope="write"' },
          },
    );
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('insufficient-scope');
    expect(as.at('/authorize').map(({ query }) => query.get('scope'))).toEqual(['read', 'read write']);
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('insufficient-scope');
    expect(as.at('/authorize')).toHaveLength(2);
  });

  test('may refuse for other reasons, which are its answer', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    server.on('/mcp', () => ({ status: 403, json: { why: 'no' } }));
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    expect(await (await authFetch(`${server.origin}/mcp`, post())).json()).toEqual({ why: 'no' });
  });
});

describe('credentials are bound to the authorization server that issued them', () => {
  /** A server that names one authorization server, then another, and refuses what the first issued. */
  async function moving(first: Stage, second: Stage): Promise<{ server: Stage; move: (this: void) => void }> {
    let moved = false;
    const server = await scriptedResource(
      () => (moved ? second : first).origin,
      (token) => !moved || token === 'fresh',
    );
    return { server, move: () => void (moved = true) };
  }

  test('a server that names another gets a new registration there, and none of the old secrets', async () => {
    await using first = await scriptedIssuer();
    await using second = await scriptedIssuer();
    first.on('/register', () => ({
      status: 201,
      json: { client_id: 'first', client_secret: 'first-secret' },
    }));
    second.on('/register', () => ({ status: 201, json: { client_id: 'second' } }));
    second.on('/token', () => ({ json: { access_token: 'fresh', token_type: 'bearer' } }));
    const { server, move } = await moving(first, second);
    await using _ = server;
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    await authFetch(`${server.origin}/mcp`, post());
    move();
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    const leaked = JSON.stringify(second.seen.map(({ headers, body, query }) => [headers, body, [...query]]));
    for (const secret of ['refresh-1', 'first', 'token-1']) expect(leaked).not.toContain(secret);
    expect(first.at('/token')).toHaveLength(1);
  });

  test.each(['user', 'program'] as const)(
    'a client that a %s registered by hand is shown to no other',
    async (kind) => {
      await using honest = await scriptedIssuer();
      await using evil = await scriptedIssuer();
      const { server, move } = await moving(honest, evil);
      await using _ = server;
      const client = { issuer: honest.origin, clientId: 'known', clientSecret: 'the-secret' };
      const grant = kind === 'user' ? agreeable({ client }) : clientCredentials({ client });
      const authFetch = withAuth(platformFetch, { grant });
      await authFetch(`${server.origin}/mcp`, post());
      move();
      expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('bound-elsewhere');
      expect(evil.seen.map(({ path }) => path)).toEqual([METADATA]);
    },
  );

  test('of several that a server names, the one that knows the client is used', async () => {
    await using honest = await scriptedIssuer();
    await using other = await scriptedIssuer();
    await using server = await scriptedResource(() => other.origin);
    server.on(RESOURCE_METADATA, () => ({
      json: { resource: `${server.origin}/mcp`, authorization_servers: [other.origin, honest.origin] },
    }));
    const client = { issuer: honest.origin, clientId: 'known', clientSecret: 'the-secret' };
    const authFetch = withAuth(platformFetch, { grant: clientCredentials({ client }) });
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    expect(other.seen).toEqual([]);
  });
});

test('a program that comes back on another port keeps its tokens, and registers again only to ask the user', async () => {
  await using as = await scriptedIssuer();
  await using server = await scriptedResource(() => as.origin);
  const store = memoryCredentials();
  let now = Date.now();
  const on = (port: number): ReturnType<typeof withAuth> =>
    withAuth(platformFetch, {
      grant: agreeable({ redirectUri: `http://127.0.0.1:${port}/callback` }),
      store,
      now: () => now,
    });
  await on(1)(`${server.origin}/mcp`, post());
  expect(await (await on(2)(`${server.origin}/mcp`, post())).json()).toMatchObject({ token: 'token-1' });
  now += 3_600_000;
  expect(await (await on(3)(`${server.origin}/mcp`, post())).json()).toMatchObject({ token: 'token-2' });
  expect(as.at('/token').map(({ form }) => form.get('client_id'))).toEqual(['client-1', 'client-1']);
  as.on('/token', ({ form }) =>
    form.get('grant_type') === 'refresh_token'
      ? { status: 400, json: { error: 'invalid_grant' } }
      : { json: { access_token: 'token-3', token_type: 'bearer' } },
  );
  now += 3_600_000;
  expect(await (await on(4)(`${server.origin}/mcp`, post())).json()).toMatchObject({ token: 'token-3' });
  expect(
    as.at('/register').map(({ body }) => (JSON.parse(body) as { redirect_uris: string[] }).redirect_uris),
  ).toEqual([['http://127.0.0.1:1/callback'], ['http://127.0.0.1:4/callback']]);
});
