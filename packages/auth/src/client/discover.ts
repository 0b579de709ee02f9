import type { AuthorizationServer } from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';
import type { AddressPolicy } from './addresses.ts';
import type { AuthChallenge } from './challenge.ts';
import type { Fetch } from './documents.ts';
import { findResourceMetadata } from './resource-metadata.ts';
import { findServerMetadata, lookUp } from './server-metadata.ts';

/** Where access to a server is to be had. */
export interface Discovery {
  readonly as: AuthorizationServer;
  /** The identifier of the server, exactly as it is published. Absent where the server publishes none. */
  readonly resource?: string;
  /** All that the server knows, where it says so. */
  readonly scopes?: readonly string[];
}

/** What discovery needs. */
export interface DiscoverOptions {
  readonly server: URL;
  readonly fetch: Fetch;
  readonly policy: AddressPolicy;
  readonly signal?: AbortSignal;
  readonly challenge?: AuthChallenge;
  /** The issuer that is to be used, if the server names it. */
  readonly prefer?: string | undefined;
}

/**
 * Finds the authorization server of a server, and validates what both say about themselves. A server that says nothing is
 * taken for one of the first revision with authorization, whose authorization server is at its own origin.
 */
export async function discover(options: DiscoverOptions): Promise<Discovery> {
  const { server, fetch, policy, signal, challenge, prefer } = options;
  const metadata = await findResourceMetadata(fetch, server, challenge?.resourceMetadata, signal);
  if (!metadata) return { as: await atOrigin(options) };
  const { resource, authorizationServers, scopes } = metadata;
  const issuer = authorizationServers.find((name) => name === prefer) ?? authorizationServers[0];
  if (issuer === undefined)
    throw new AuthError('metadata-invalid', `${server.host} names no authorization server`);
  const as = await findServerMetadata(fetch, policy, issuer, signal);
  return { as, resource, ...(scopes && { scopes }) };
}

/** https://modelcontextprotocol.io/specification/2025-03-26/basic/authorization */
async function atOrigin({ server, fetch, policy, signal }: DiscoverOptions): Promise<AuthorizationServer> {
  const { origin } = server;
  const published = await lookUp(fetch, policy, origin, signal);
  if (published) return published;
  policy.check(origin, 'the server');
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/authorize`,
    token_endpoint: `${origin}/token`,
    registration_endpoint: `${origin}/register`,
    code_challenge_methods_supported: ['S256'],
  };
}
