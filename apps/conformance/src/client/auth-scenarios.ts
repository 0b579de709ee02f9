import {
  authorizationCode,
  clientCredentials,
  enterpriseManaged,
  withAuth,
  workloadIdentity,
  type AuthOptions,
  type AuthorizationCodeOptions,
  type Grant,
} from '@trunkline/auth';
import type { Client } from '@trunkline/session';
import type { Scenario } from './scenarios.ts';
import { during, type Visit } from './visit.ts';

/** Where no browser is: nothing listens there, the answer is read from the redirect. */
const REDIRECT_URI = 'http://localhost:3000/callback';
/** The suite names it and never fetches it. */
const CLIENT_METADATA_URL = 'https://conformance-test.local/client-metadata.json';

/** The scenarios about authorization, by name. */
export const authScenarios: ReadonlyMap<string, Scenario> = new Map<string, Scenario>([
  ...[
    'metadata-default',
    'metadata-var1',
    'metadata-var2',
    'metadata-var3',
    'basic-cimd',
    'scope-from-www-authenticate',
    'scope-from-scopes-supported',
    'scope-omitted-when-undefined',
    'scope-step-up',
    'scope-retry-limit',
    'token-endpoint-auth-basic',
    'token-endpoint-auth-post',
    'token-endpoint-auth-none',
    'resource-mismatch',
    'offline-access-scope',
    'offline-access-not-supported',
    'iss-supported',
    'iss-not-advertised',
    'iss-supported-missing',
    'iss-wrong-issuer',
    'iss-unexpected',
    'iss-normalized',
    'metadata-issuer-mismatch',
    '2025-03-26-oauth-metadata-backcompat',
    '2025-03-26-oauth-endpoint-fallback',
  ].map((name): [string, Scenario] => [`auth/${name}`, (visit) => signedIn(visit, user(), work)]),
  ['auth/pre-registration', (visit) => signedIn(visit, user({ client: registered(visit) }), work)],
  [
    'auth/authorization-server-migration',
    (visit) =>
      signedIn(visit, user(), async (client) => {
        await work(client);
        await work(client);
      }),
  ],
  [
    'auth/client-credentials-basic',
    (visit) => signedIn(visit, clientCredentials({ client: registered(visit) }), work),
  ],
  [
    'auth/client-credentials-jwt',
    async (visit) => {
      const { private_key_pem: pem } = visit.context;
      const client = { ...registered(visit), privateKey: await importKey(pem as string) };
      await signedIn(visit, clientCredentials({ client }), work);
    },
  ],
  ['auth/enterprise-managed-authorization', (visit) => signedIn(visit, enterprise(visit), work)],
  ['auth/dpop', (visit) => signedIn(visit, user(), work, { dpop: true })],
  ['auth/dpop-nonce', (visit) => signedIn(visit, user(), work, { dpop: true })],
  [
    'auth/wif-jwt-bearer',
    (visit) => {
      const assertion = (): string => visit.context['valid_jwt'] as string;
      return signedIn(visit, workloadIdentity({ client: registered(visit), assertion }), work);
    },
  ],
]);

async function signedIn(
  visit: Visit,
  grant: Grant,
  use: (client: Client) => Promise<void>,
  options: Partial<AuthOptions> = {},
): Promise<void> {
  const fetch = withAuth((url, init) => globalThis.fetch(url, init), { grant, ...options });
  await during(visit, use, {}, { fetch });
}

async function work(client: Client): Promise<void> {
  await client.listTools();
  await client.callTool('test-tool');
}

/** A user who agrees to everything. */
function user(options: Partial<AuthorizationCodeOptions> = {}): Grant {
  return authorizationCode({
    redirectUri: REDIRECT_URI,
    clientMetadataUrl: CLIENT_METADATA_URL,
    authorize: async (url, { signal }) => {
      const response = await fetch(url, { redirect: 'manual', signal });
      await response.body?.cancel();
      return new URL(response.headers.get('location') ?? '', url);
    },
    ...options,
  });
}

/** The suite does not say beforehand which authorization server knows the client. */
function registered({ context }: Visit): {
  issuer: string;
  clientId: string;
  clientSecret?: string;
} {
  return {
    issuer: 'unchecked-dangerous',
    clientId: context['client_id'] as string,
    ...(typeof context['client_secret'] === 'string' && { clientSecret: context['client_secret'] }),
  };
}

function enterprise(visit: Visit): Grant {
  const { context } = visit;
  return enterpriseManaged({
    client: registered(visit),
    identityProvider: {
      issuer: context['idp_issuer'] as string,
      clientId: context['idp_client_id'] as string,
      tokenEndpoint: context['idp_token_endpoint'] as string,
    },
    subjectToken: () => ({ token: context['idp_id_token'] as string, type: 'id_token' }),
  });
}

function importKey(pem: string): Promise<CryptoKey> {
  const der = Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
  return crypto.subtle.importKey('pkcs8', der, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}
