import { memoryStore } from '@trunkline/store';
import { describe, expect, onTestFinished, test } from 'vitest';
import { authorizationCode } from '../client/grants/authorization-code.ts';
import { withAuth } from '../client/with-auth.ts';
import { Browser, ISSUER, open, REDIRECT, RESOURCE, Town } from '../fixtures/town.ts';
import { failure, post } from '../fixtures/user.ts';
import { authorizationServer } from './authorization-server.ts';
import { oauthProxy, type OAuthProxyOptions } from './oauth-proxy.ts';

const UPSTREAM = 'http://127.0.0.1:9100';

/** A provider that registers nobody and asks nobody twice, and a proxy in front of it that is its only client. */
function settle(options: Partial<OAuthProxyOptions> = {}): { town: Town; upstreamTokens: string[] } {
  const town = new Town();
  const store = memoryStore();
  onTestFinished(() => store.close());
  const provider = authorizationServer({
    issuer: UPSTREAM,
    store,
    resources: ['https://api.example'],
    scopes: ['profile'],
    registration: false,
    metadataDocuments: false,
    consent: 'always-dangerous',
    clients: [{ clientId: 'proxy', clientSecret: 'proxy-secret', redirectUris: [`${ISSUER}/callback`] }],
    authenticate: () => ({ subject: 'upstream-ann' }),
  });
  const upstreamTokens: string[] = [];
  const proxy = oauthProxy({
    issuer: ISSUER,
    store,
    resources: [RESOURCE],
    scopes: ['read', 'write'],
    fetch: town.fetch,
    upstream: {
      issuer: UPSTREAM,
      authorizationEndpoint: `${UPSTREAM}/authorize`,
      tokenEndpoint: `${UPSTREAM}/token`,
      clientId: 'proxy',
      clientSecret: 'proxy-secret',
      scopes: ['profile'],
      namesIssuer: true,
    },
    identify: async ({ access_token: token }) => {
      upstreamTokens.push(token);
      return { subject: (await provider.verifyToken(token))?.subject ?? '' };
    },
    ...options,
  });
  town.places.set(UPSTREAM, (request) => provider.app.fetch(request));
  town.places.set(ISSUER, (request) => proxy.app.fetch(request));
  open(town, proxy);
  return { town, upstreamTokens };
}

/** The address that a client would send its user to. */
async function addressFor(town: Town): Promise<string> {
  let address = '';
  const authorize = (url: string): Promise<never> => {
    address = url;
    return Promise.reject(new Error('only looking'));
  };
  const grant = authorizationCode({ redirectUri: REDIRECT, authorize });
  expect(await failure(withAuth(town.fetch, { grant })(RESOURCE, post()))).toBe('denied');
  return address;
}

describe('a proxy', () => {
  test('registers clients in place of the provider, and keeps the tokens of the provider', async () => {
    const { town, upstreamTokens } = settle();
    const browser = new Browser(town);
    const grant = authorizationCode({ redirectUri: REDIRECT, authorize: browser.authorize });
    const response = await withAuth(town.fetch, { grant })(RESOURCE, post());
    expect(await response.json()).toMatchObject({
      issuer: ISSUER,
      subject: 'upstream-ann',
      scopes: ['read'],
    });
    expect(browser.visited.map((address) => address.replace(/^.*:(\d+)/, '$1'))).toEqual([
      '9000/authorize',
      '9000/authorize',
      '9100/authorize',
      '9000/callback',
    ]);
    expect(upstreamTokens).toHaveLength(1);
  });

  test('asks before it sends anybody upstream, whatever the provider was told before (H017)', async () => {
    const { town } = settle();
    const [victim, attacker] = [new Browser(town), new Browser(town)];
    const address = await addressFor(town);
    await victim.open(address);
    expect(victim.page).toContain('Allow access?');
    expect(victim.visited).toEqual([`${ISSUER}/authorize`]);
    // What the attacker agreed to in another browser is of no use in the victim's.
    const upstream = town.places.get(UPSTREAM);
    let callback = '';
    town.places.set(UPSTREAM, async (request) => {
      const response = await upstream?.(request);
      if (request.method !== 'GET' || !response) return response ?? new Response();
      callback = response.headers.get('location') ?? '';
      return new Response('stopped');
    });
    await attacker.open(address);
    await attacker.answer('allow');
    expect((await victim.open(callback)).pathname).toBe('/callback');
    expect(victim.page).toContain('Nobody in this browser has agreed');
    // The attempt has not ended the journey of whoever began it, which happens once.
    expect((await attacker.open(callback)).searchParams.has('code')).toBe(true);
    await attacker.open(callback);
    expect(attacker.page).toContain('Nobody in this browser has agreed');
  });

  test.each(['?code=x', '?code=x&state=guess', '?error=%3Cscript%3E&state=x'])(
    'refuses a callback that belongs to no journey: %s',
    async (query) => {
      const { town } = settle();
      const browser = new Browser(town);
      await browser.open(`${ISSUER}/callback${query}`);
      expect(browser.page).toContain('Cannot continue');
      expect(browser.page).not.toContain('script');
    },
  );

  test('believes the provider alone, and tells the client no more than no', async () => {
    const { town } = settle();
    const upstream = town.places.get(UPSTREAM);
    town.places.set(UPSTREAM, async (request) => {
      const response = await upstream?.(request);
      const location = new URL(response?.headers.get('location') ?? UPSTREAM);
      location.searchParams.set('iss', 'https://evil.example');
      return new Response(null, { status: 302, headers: { location: location.href } });
    });
    const browser = new Browser(town);
    await browser.open(await addressFor(town));
    const answer = await browser.answer('allow');
    expect(answer.searchParams.get('error')).toBe('access_denied');
    expect(answer.searchParams.get('iss')).toBe(ISSUER);
    expect(answer.href).not.toContain('evil');
  });
});
