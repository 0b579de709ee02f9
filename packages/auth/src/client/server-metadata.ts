import type { AuthorizationServer } from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';
import { assertOpenable, type AddressPolicy } from './addresses.ts';
import type { Fetch } from './documents.ts';
import { readDocument } from './read-document.ts';

/**
 * The metadata of an authorization server, from wherever one of the specifications puts it. Rejects with `issuer-mismatch`
 * unless it names exactly this issuer, and with `discovery` if there is none.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export async function findServerMetadata(
  fetch: Fetch,
  policy: AddressPolicy,
  issuer: string,
  signal?: AbortSignal,
): Promise<AuthorizationServer> {
  const metadata = await lookUp(fetch, policy, issuer, signal);
  if (metadata) return metadata;
  throw new AuthError('discovery', `${issuer} publishes no authorization server metadata`);
}

/** The same, or `undefined` if there is none. */
export async function lookUp(
  fetch: Fetch,
  policy: AddressPolicy,
  issuer: string,
  signal?: AbortSignal,
): Promise<AuthorizationServer | undefined> {
  const url = policy.check(issuer, 'the issuer');
  if (url.search !== '' || issuer.includes('#'))
    throw new AuthError('metadata-invalid', 'an issuer has neither query nor fragment');
  for (const place of placesOf(url)) {
    const init = { method: 'GET', headers: { accept: 'application/json' }, ...(signal && { signal }) };
    const document = await readDocument(await fetch(place, init));
    if (document) return validate(document, issuer, policy);
  }
  return undefined;
}

function placesOf({ origin, pathname }: URL): string[] {
  const path = pathname.replace(/\/$/, '');
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${origin}${path}/.well-known/openid-configuration`]),
  ];
}

function validate(
  document: Record<string, unknown>,
  issuer: string,
  policy: AddressPolicy,
): AuthorizationServer {
  // Compared as text: what looks the same to a parser may be another tenant.
  if (document['issuer'] !== issuer) {
    const found = JSON.stringify(document['issuer'])?.slice(0, 200);
    throw new AuthError('issuer-mismatch', `the metadata of ${issuer} is that of ${found}`);
  }
  for (const name of ENDPOINTS) if (document[name] !== undefined) policy.check(document[name], name);
  if (document['authorization_endpoint'] !== undefined)
    assertOpenable(document['authorization_endpoint'] as string);
  for (const name of LISTS) {
    if (document[name] !== undefined && !isStrings(document[name]))
      throw new AuthError('metadata-invalid', `${name} of ${issuer} is not a list of words`);
  }
  return document as unknown as AuthorizationServer;
}

const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
] as const;

const LISTS = [
  'code_challenge_methods_supported',
  'token_endpoint_auth_methods_supported',
  'scopes_supported',
  'grant_types_supported',
  'authorization_grant_profiles_supported',
] as const;

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
