import { describe, expect, test } from 'vitest';
import { isAuthError } from '../auth-error.ts';
import {
  METADATA,
  RESOURCE_METADATA,
  scriptedIssuer,
  scriptedResource,
  stage,
  type Stage,
} from '../fixtures/stage.ts';
import { agreeable, failure, platformFetch, post } from '../fixtures/user.ts';
import { addressPolicy } from './addresses.ts';
import type { AuthorizationCodeOptions } from './grants/authorization-code.ts';
import { withAuth } from './with-auth.ts';

/** What a user is asked to open, and what becomes of the request. */
async function attempt(server: Stage, options: Partial<AuthorizationCodeOptions> = {}): Promise<string> {
  return failure(withAuth(platformFetch, { grant: agreeable(options) })(`${server.origin}/mcp`, post()));
}

/** A server that anybody may reach, with what it publishes. */
function publicServer(
  documents: Record<string, unknown>,
  challenge = 'Bearer',
): { asked: string[]; fetch: typeof platformFetch } {
  const asked: string[] = [];
  return {
    asked,
    fetch: async (url) => {
      asked.push(url);
      if (url === 'https://mcp.example/mcp')
        return new Response(null, { status: 401, headers: { 'www-authenticate': challenge } });
      return url in documents ? Response.json(documents[url]) : new Response('no', { status: 404 });
    },
  };
}

const PUBLISHED = 'https://mcp.example/.well-known/oauth-protected-resource/mcp';

describe('an address that a server names', () => {
  test.each([
    'http://169.254.169.254/latest',
    'http://mcp.example/metadata',
    'https://10.0.0.1/',
    'https://[fd00::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://0x7f.1/',
    'https://localhost/',
    'https://user:secret@as.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
  ])('as resource_metadata is never visited if it is %s (H001)', async (address) => {
    const { asked, fetch } = publicServer({}, `Bearer resource_metadata="${address}"`);
    const authFetch = withAuth(fetch, { grant: agreeable() });
    expect(await failure(authFetch('https://mcp.example/mcp', post()))).toBe('url-blocked');
    expect(asked).toEqual(['https://mcp.example/mcp']);
  });

  test.each([
    [['javascript:alert(1)'], 'url-blocked'],
    [['file:///etc/passwd'], 'url-blocked'],
    [['http://10.0.0.1'], 'url-blocked'],
    [['https://192.168.0.1'], 'url-blocked'],
    [['not an address'], 'metadata-invalid'],
    [[], 'metadata-invalid'],
    [Array.from({ length: 10_000 }, (_, index) => `https://as${index}.example`), 'metadata-invalid'],
    ['https://as.example', 'metadata-invalid'],
  ])('as authorization server (H003, case %#) is never visited', async (issuers, code) => {
    const { asked, fetch } = publicServer({
      [PUBLISHED]: { resource: 'https://mcp.example/mcp', authorization_servers: issuers },
    });
    const authFetch = withAuth(fetch, { grant: agreeable() });
    expect(await failure(authFetch('https://mcp.example/mcp', post()))).toBe(code);
    expect(asked).toEqual(['https://mcp.example/mcp', PUBLISHED]);
  });

  test.each([
    'https://x.example/$(calc)',
    'javascript:alert(1)',
    'https://x.example/\nfoo',
    'https://x.example/`id`',
    "https://x.example/'",
  ])('as authorization endpoint is never opened if it is %j (H004)', async (endpoint) => {
    await using as = await scriptedIssuer({ authorization_endpoint: endpoint });
    await using server = await scriptedResource(() => as.origin);
    const opened: string[] = [];
    const authorize = async (url: string): Promise<string> => {
      opened.push(url);
      return url;
    };
    expect(await attempt(server, { authorize })).toBe('url-blocked');
    expect(opened).toEqual([]);
  });

  test('in a private network is visited where the user says so, or went there', () => {
    const outside = new URL('https://mcp.example/mcp');
    const check = (policy: ReturnType<typeof addressPolicy>, address: string): boolean => {
      try {
        policy.check(address, 'it');
        return true;
      } catch (error) {
        if (isAuthError(error)) return false;
        throw error;
      }
    };
    const inside = 'https://10.1.2.3/as';
    expect(check(addressPolicy(outside), inside)).toBe(false);
    expect(check(addressPolicy(outside, true), inside)).toBe(true);
    expect(check(addressPolicy(new URL('https://10.1.2.3/mcp')), inside)).toBe(true);
    expect(check(addressPolicy(outside, true), 'http://10.1.2.3/as')).toBe(false);
    expect(check(addressPolicy(outside), 'https://[2606:4700::1]/')).toBe(true);
    expect(check(addressPolicy(outside), 'https://172.32.0.1/')).toBe(true);
  });
});

describe('a redirect', () => {
  const statuses = [301, 302, 303, 307, 308];

  test.each(statuses)('with %i of a token request is not followed', async (status) => {
    await using elsewhere = await stage();
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    as.on('/token', () => ({ status, headers: { location: `${elsewhere.origin}/token` } }));
    expect(await attempt(server)).toBe('url-blocked');
    as.on('/token', () => ({ status, headers: { location: `${as.origin}/token2` } }));
    expect(await attempt(server)).toBe('url-blocked');
    expect([elsewhere.seen, as.at('/token2')]).toEqual([[], []]);
  });

  test.each(statuses)('with %i of a registration is not followed', async (status) => {
    await using elsewhere = await stage();
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    as.on('/register', () => ({ status, headers: { location: `${elsewhere.origin}/register` } }));
    expect(await attempt(server)).toBe('url-blocked');
    expect(elsewhere.seen).toEqual([]);
  });

  test.each(statuses)('with %i of metadata is followed within the origin only', async (status) => {
    await using elsewhere = await stage();
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const document = { resource: `${server.origin}/mcp`, authorization_servers: [as.origin] };
    server.on('/moved', () => ({ json: document }));
    server.on(RESOURCE_METADATA, () => ({ status, headers: { location: '/moved' } }));
    const authFetch = withAuth(platformFetch, { grant: agreeable() });
    expect((await authFetch(`${server.origin}/mcp`, post())).status).toBe(200);
    for (const location of [
      `${elsewhere.origin}/moved`,
      `https://127.0.0.1:1/moved`,
      `${server.origin.replace('//', '//user:pass@')}/moved`,
      'file:///etc/passwd',
      '',
      '/.well-known/oauth-protected-resource/mcp',
    ]) {
      server.on(RESOURCE_METADATA, () => ({ status, headers: { location } }));
      expect(await attempt(server)).toBe('url-blocked');
    }
    expect(elsewhere.seen).toEqual([]);
    // The last of them leads back to itself: three times, and no more.
    expect(server.at(RESOURCE_METADATA).length).toBe(1 + 5 + 4);
  });
});

describe('a document', () => {
  test('that is larger than 256 KiB is not read', async () => {
    await using as = await scriptedIssuer({ padding: 'x'.repeat(300_000) });
    await using server = await scriptedResource(() => as.origin);
    expect(await attempt(server)).toBe('metadata-invalid');
  });

  test('that never ends is given up with the sign-in', async () => {
    const stop = new AbortController();
    const fetch = (url: string): Promise<Response> => {
      if (url.endsWith('/mcp') && !url.includes('well-known'))
        return Promise.resolve(new Response(null, { status: 401 }));
      queueMicrotask(() => stop.abort(new Error('enough')));
      return new Promise(() => {});
    };
    const authFetch = withAuth(fetch, { grant: agreeable(), signal: stop.signal });
    await expect(authFetch('https://mcp.example/mcp', post())).rejects.toThrow('enough');
  });
});

describe('an issuer', () => {
  test.each([
    (origin: string) => `${origin}/`,
    (origin: string) => origin.replace('http', 'HTTP'),
    (origin: string) => origin.replace('127.0.0.1', 'localhost'),
    () => 'https://attacker.example',
    () => undefined,
  ])('is compared as text (H005, case %#)', async (change) => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const document = {
      authorization_endpoint: `${as.origin}/authorize`,
      token_endpoint: `${as.origin}/token`,
    };
    as.on(METADATA, () => ({ json: { issuer: change(as.origin), ...document } }));
    expect(await attempt(server)).toBe('issuer-mismatch');
    expect(as.seen.map(({ path }) => path)).toEqual([METADATA]);
  });

  test.each([undefined, [], ['plain']])(
    'that supports %j cannot be used without PKCE (H009)',
    async (methods) => {
      await using as = await scriptedIssuer({ code_challenge_methods_supported: methods });
      await using server = await scriptedResource(() => as.origin);
      expect(await attempt(server)).toBe('pkce-unsupported');
      expect(as.at('/authorize')).toEqual([]);
    },
  );
});

describe('an answer to an authorization request', () => {
  /** Follows the redirect, and changes what came back. */
  function tampered(change: (parameters: URLSearchParams) => void): Partial<AuthorizationCodeOptions> {
    return {
      authorize: async (url) => {
        const response = await fetch(url, { redirect: 'manual' });
        const callback = new URL(response.headers.get('location') ?? '');
        change(callback.searchParams);
        return callback;
      },
    };
  }

  test.each<[string, (parameters: URLSearchParams) => void]>([
    ['names another issuer', (parameters) => parameters.set('iss', 'https://evil.example')],
    ['names the issuer with a slash', (parameters) => parameters.set('iss', `${parameters.get('iss')}/`)],
    ['names no issuer, though that was promised', (parameters) => parameters.delete('iss')],
    [
      'is an error of another issuer',
      (parameters) => {
        parameters.delete('code');
        parameters.set('error', 'access_denied');
        parameters.set('error_description', 'call 555-1234');
        parameters.set('iss', 'https://evil.example');
      },
    ],
  ])('that %s is refused unread (H006)', async (_, change) => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const grant = agreeable(tampered(change));
    const error = await withAuth(platformFetch, { grant })(`${server.origin}/mcp`, post()).catch(
      (reason: unknown) => reason,
    );
    expect(isAuthError(error) && error.code).toBe('issuer-mismatch');
    expect(String(error)).not.toContain('555');
    expect(as.at('/token')).toEqual([]);
  });

  test.each<[string, (parameters: URLSearchParams) => void]>([
    ['without state', (parameters) => parameters.delete('state')],
    ['with another state', (parameters) => parameters.set('state', 'guess')],
    ['with two states', (parameters) => parameters.append('state', 'guess')],
  ])('%s is refused (H007)', async (_, change) => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    expect(await attempt(server, tampered(change))).toBe('state-mismatch');
    expect(as.at('/token')).toEqual([]);
  });

  test('counts once, and for ten minutes (H007)', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    let now = Date.now();
    let first = '';
    const grant = agreeable({
      authorize: async (url) => {
        const response = await fetch(url, { redirect: 'manual' });
        const callback = response.headers.get('location') ?? '';
        now += 601_000;
        first ||= callback;
        return first;
      },
    });
    const authFetch = withAuth(platformFetch, { grant, now: () => now });
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('state-mismatch');
    expect(await failure(authFetch(`${server.origin}/mcp`, post()))).toBe('state-mismatch');
    expect(as.at('/token')).toEqual([]);
  });

  test('that says no is no, in the words of the authorization server', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    const grant = agreeable(
      tampered((parameters) => {
        parameters.delete('code');
        parameters.set('error', 'access_denied');
      }),
    );
    await expect(withAuth(platformFetch, { grant })(`${server.origin}/mcp`, post())).rejects.toMatchObject({
      code: 'denied',
      reason: 'access_denied',
    });
  });
});

describe('metadata of a resource', () => {
  test.each([
    () => 'https://evil.example/mcp',
    (origin: string) => `${origin}/mcp-evil`,
    (origin: string) => `${origin}/mc`,
    (origin: string) => `${origin}/mcp/deeper`,
    (origin: string) => `${origin}/mcp#part`,
    (origin: string) => `${origin}/mcp?tenant=other`,
    (origin: string) => origin.replace(/:\d+$/, ':1'),
    () => undefined,
  ])('that is not this server is refused (H010, case %#)', async (resource) => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    server.on(RESOURCE_METADATA, () => ({
      json: { resource: resource(server.origin), authorization_servers: [as.origin] },
    }));
    expect(await attempt(server)).toBe('resource-mismatch');
    expect(as.seen).toEqual([]);
  });

  test('may be of what the server lies within, and is repeated exactly as published', async () => {
    await using as = await scriptedIssuer();
    await using server = await scriptedResource(() => as.origin);
    server.on(RESOURCE_METADATA, () => ({
      json: { resource: server.origin, authorization_servers: [as.origin] },
    }));
    await withAuth(platformFetch, { grant: agreeable() })(`${server.origin}/mcp`, post());
    expect(as.at('/authorize')[0]?.query.get('resource')).toBe(server.origin);
    expect(as.at('/token')[0]?.form.get('resource')).toBe(server.origin);
  });
});

test('what the token endpoint refuses is told without secrets', async () => {
  await using as = await scriptedIssuer();
  await using server = await scriptedResource(() => as.origin);
  as.on('/token', ({ form }) => ({
    status: 400,
    json: { error: 'invalid_grant', error_description: 'no\u0007pe', echo: form.get('code_verifier') },
  }));
  const authFetch = withAuth(platformFetch, { grant: agreeable() });
  const error = await authFetch(`${server.origin}/mcp`, post()).catch((reason: unknown) => reason);
  expect(isAuthError(error) && error.message).toBe(
    `token-refused: the token endpoint of ${as.origin} refused: invalid_grant (no?pe)`,
  );
  expect(error).toMatchObject({ code: 'token-refused', reason: 'invalid_grant', status: 400 });
  expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(
    as.at('/token')[0]?.form.get('code_verifier'),
  );
});
