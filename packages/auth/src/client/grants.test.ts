import { decodeJwt, generateKeyPair, jwtVerify } from 'jose';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { isAuthError } from '../auth-error.ts';
import { METADATA, scriptedIssuer, scriptedResource, stage } from '../fixtures/stage.ts';
import { agreeable, failure, platformFetch, post } from '../fixtures/user.ts';
import { ClientAuth } from './client-auth.ts';
import { clientCredentials } from './grants/client-credentials.ts';
import { enterpriseManaged } from './grants/enterprise-managed.ts';
import { workloadIdentity } from './grants/workload-identity.ts';
import { withAuth } from './with-auth.ts';

describe('client credentials', () => {
  test('prove themselves with an assertion for the issuer, and ask again before they expire', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    const client = { issuer: as.origin, clientId: 'robot', privateKey: { key: privateKey, kid: 'k1' } };
    let now = Date.now();
    const grant = clientCredentials({ client, scopes: ['read'] });
    const authFetch = withAuth(platformFetch, { grant, now: () => now });
    await authFetch(`${server.origin}/mcp`, post());
    const form = as.at('/token')[0]?.form;
    expect(Object.fromEntries(form ?? [])).toMatchObject({
      grant_type: 'client_credentials',
      resource: `${server.origin}/mcp`,
      scope: 'read',
    });
    const assertion = form?.get('client_assertion') ?? '';
    const { payload, protectedHeader } = await jwtVerify(assertion, publicKey, { audience: as.origin });
    expect([payload.iss, payload.sub, protectedHeader.kid]).toEqual(['robot', 'robot', 'k1']);
    expect(payload).toHaveProperty('jti');
    now += 3_600_000;
    await authFetch(`${server.origin}/mcp`, post());
    expect(as.at('/token').map((one) => one.form.get('grant_type'))).toEqual(
      Array(2).fill('client_credentials'),
    );
    expect(as.at('/authorize')).toEqual([]);
  });

  test.each([
    [['client_secret_basic', 'client_secret_post'], `Basic ${btoa('ro%3Abot:s+e%26cret')}`, null],
    [['client_secret_post'], undefined, 's e&cret'],
    [undefined, `Basic ${btoa('ro%3Abot:s+e%26cret')}`, null],
  ])('prove themselves in a way that the issuer supports (%j)', async (supported, field, secret) => {
    await using as = await scriptedIssuer({ token_endpoint_auth_methods_supported: supported });
    await using server = await scriptedResource(() => as.origin);
    const client = { issuer: as.origin, clientId: 'ro:bot', clientSecret: 's e&cret' };
    await withAuth(platformFetch, { grant: clientCredentials({ client }) })(`${server.origin}/mcp`, post());
    expect(as.at('/token')[0]?.headers.authorization).toBe(field);
    expect(as.at('/token')[0]?.form.get('client_secret')).toBe(secret);
  });

  test('must say where they belong, and prove something', () => {
    expect(() => clientCredentials({ client: { issuer: 'https://as.example', clientId: 'x' } })).toThrow(
      'misuse',
    );
    // @ts-expect-error: the issuer is not optional.
    expect(() => clientCredentials({ client: { clientId: 'x', clientSecret: 'y' } })).toThrow('misuse');
    // @ts-expect-error: the issuer is not optional.
    expect(() => agreeable({ client: { clientId: 'x' } })).toThrow('misuse');
  });
});

describe('an enterprise', () => {
  test('vouches for its user with an assertion for this server, which is used at once', async () => {
    await using idp = await stage();
    idp.on(METADATA, () => ({ json: { issuer: idp.origin, token_endpoint: `${idp.origin}/token` } }));
    idp.on('/token', () => ({
      json: {
        access_token: 'the-assertion',
        issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
        token_type: 'N_A',
      },
    }));
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const grant = enterpriseManaged({
      client: { issuer: as.origin, clientId: 'app', clientSecret: 'secret' },
      identityProvider: { issuer: idp.origin, clientId: 'app-at-idp', clientSecret: 'idp-secret' },
      subjectToken: () => ({ token: 'the-id-token', type: 'id_token' }),
    });
    const authFetch = withAuth(platformFetch, { grant });
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    expect(Object.fromEntries(idp.at('/token')[0]?.form ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      audience: as.origin,
      resource: `${server.origin}/mcp`,
      subject_token: 'the-id-token',
      subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
    });
    expect(Object.fromEntries(as.at('/token')[0]?.form ?? [])).toMatchObject({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: 'the-assertion',
    });
    expect(as.at('/authorize')).toEqual([]);
    idp.on('/token', () => ({ json: { access_token: 'x', issued_token_type: 'other', token_type: 'N_A' } }));
    await authFetch.signOut();
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('token-refused');
  });
});

describe('a workload', () => {
  test('exchanges what its platform says, and takes no for an answer', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const asked: string[] = [];
    const grant = workloadIdentity({
      client: { issuer: as.origin, clientId: 'pod' },
      assertion: ({ audience }) => {
        asked.push(audience);
        return 'platform-token';
      },
    });
    as.on('/token', () => ({ status: 400, json: { error: 'invalid_grant' } }));
    expect(await failure(withAuth(platformFetch, { grant })(`${server.origin}/mcp`, post()))).toBe(
      'token-refused',
    );
    expect(as.at('/token').map(({ form }) => form.get('assertion'))).toEqual(['platform-token']);
    expect(asked).toEqual([as.origin]);
  });
});

describe('a token that is bound to a key', () => {
  test('is shown with a proof for each request, with the nonces that are asked for', async () => {
    await using as = await scriptedIssuer({ dpop_signing_alg_values_supported: ['ES256'] });
    await using server = await scriptedResource(() => as.origin);
    const proofs: ReturnType<typeof decodeJwt>[] = [];
    as.on('/token', ({ headers }) => {
      const proof = decodeJwt(String(headers['dpop']));
      proofs.push(proof);
      return proof['nonce'] === 'as-nonce'
        ? { json: { access_token: 'token-1', token_type: 'DPoP' } }
        : { status: 400, headers: { 'dpop-nonce': 'as-nonce' }, json: { error: 'use_dpop_nonce' } };
    });
    server.on('/mcp', ({ headers }) => {
      if (headers.authorization !== 'DPoP token-1')
        return { status: 401, headers: { 'www-authenticate': 'DPoP algs="ES256"' } };
      const proof = decodeJwt(String(headers['dpop']));
      proofs.push(proof);
      return proof['nonce'] === 'rs-nonce'
        ? { json: {} }
        : {
            status: 401,
            headers: { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'rs-nonce' },
          };
    });
    const authFetch = withAuth(platformFetch, { grant: agreeable(), dpop: true });
    expect((await authFetch(`${server.origin}/mcp?x=1`, post())).status).toBe(200);
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    expect(proofs.map(({ htm, htu, nonce }) => [htm, htu, nonce])).toEqual([
      ['POST', `${as.origin}/token`, undefined],
      ['POST', `${as.origin}/token`, 'as-nonce'],
      ['POST', `${server.origin}/mcp`, undefined],
      ['POST', `${server.origin}/mcp`, 'rs-nonce'],
      ['POST', `${server.origin}/mcp`, 'rs-nonce'],
    ]);
    expect(new Set(proofs.map(({ jti }) => jti)).size).toBe(5);
    expect(proofs[2]).toHaveProperty('ath');
  });
});

describe('a client without registration', () => {
  test('is known by its document where that is supported', async () => {
    await using as = await scriptedIssuer({ client_id_metadata_document_supported: true });
    await using server = await scriptedResource(() => as.origin);
    const clientMetadataUrl = 'https://app.example/client.json';
    await withAuth(platformFetch, { grant: agreeable({ clientMetadataUrl }) })(
      `${server.origin}/mcp`,
      post(),
    );
    expect(as.at('/register')).toEqual([]);
    expect(as.at('/token')[0]?.form.get('client_id')).toBe(clientMetadataUrl);
    for (const address of [
      'http://app.example/c.json',
      'https://app.example/',
      'https://app.example/c#x',
      'c',
    ])
      expect(() => agreeable({ clientMetadataUrl: address })).toThrow('misuse');
  });

  test('asks to be registered for what it is', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const grant = agreeable({ clientMetadata: { client_name: 'Mine' } });
    await withAuth(platformFetch, { grant })(`${server.origin}/mcp`, post());
    expect(JSON.parse(as.at('/register')[0]?.body ?? '')).toEqual({
      client_name: 'Mine',
      redirect_uris: ['http://127.0.0.1:1/callback'],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
    });
  });

  test('is told what to do where there is no way, or the answer is no', async () => {
    await using as = await scriptedIssuer({ registration_endpoint: undefined });
    await using server = await scriptedResource(() => as.origin);
    expect(
      await failure(withAuth(platformFetch, { grant: agreeable() })(`${server.origin}/mcp`, post())),
    ).toBe('registration');
    await using strict = await scriptedIssuer();
    strict.on('/register', () => ({ status: 400, json: { error: 'invalid_redirect_uri' } }));
    await using other = await scriptedResource(() => strict.origin);
    const error = await withAuth(platformFetch, { grant: agreeable() })(`${other.origin}/mcp`, post()).catch(
      (reason: unknown) => reason,
    );
    expect(isAuthError(error) && [error.code, error.reason]).toEqual([
      'registration',
      'invalid_redirect_uri',
    ]);
  });

  test('registers anew once the authorization server has forgotten it', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const answer = { json: { access_token: 'token-1', token_type: 'bearer' } };
    as.on('/token', ({ form }) =>
      form.get('client_id') === 'client-1' ? { status: 401, json: { error: 'invalid_client' } } : answer,
    );
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('token-refused');
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    expect(as.at('/register')).toHaveLength(2);
  });

  test('answers only where no program of somebody else listens', () => {
    for (const redirectUri of [
      'http://app.example/cb',
      'javascript:alert(1)',
      'myapp:/cb',
      'https://app.example/#x',
      '',
    ])
      expect(() => agreeable({ redirectUri })).toThrow('misuse');
    for (const redirectUri of ['https://app.example/cb', 'http://[::1]:1/cb', 'com.example.app:/cb'])
      expect(agreeable({ redirectUri }).id).toBe(redirectUri.replace(':1/', '/'));
  });
});

test('a sign-in that nobody completes ends', async () => {
  await using as = await scriptedIssuer();
  await using server = await scriptedResource(() => as.origin);
  const grant = agreeable({ authorize: () => new Promise(() => {}) });
  const authFetch = withAuth(platformFetch, { grant, signInTimeout: 20 });
  expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('expired');
});

describe('a token that somebody else obtained', () => {
  test('is presented, and shows nowhere else', () => {
    const auth = ClientAuth({ token: 'abc.def-123_~+/==' });
    expect(auth.headers()).toEqual({ authorization: 'Bearer abc.def-123_~+/==' });
    expect(inspect(auth, { depth: 9, showHidden: true })).not.toContain('abc.def');
    expect(JSON.stringify(auth)).toBe('{}');
  });

  test.each(['', 'a b', 'a\r\nX-Evil: 1', 'ä'])('is refused if it cannot be one (%j)', (token) => {
    expect(() => ClientAuth({ token })).toThrow('misuse');
  });
});
