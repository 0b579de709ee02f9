import { clientCredentialsGrantRequest, processClientCredentialsResponse } from 'oauth4webapi';
import { AuthError } from '../../auth-error.ts';
import { assertBound, boundIssuer, clientAuthentication, type RegisteredClient } from '../client-identity.ts';
import type { Grant, GrantRequest } from '../grant.ts';
import { requestTokens } from '../token-request.ts';
import { tokensFrom, type Tokens } from '../tokens.ts';

/** A program that acts for itself. */
export interface ClientCredentialsOptions {
  readonly client: RegisteredClient;
  /** Asked for where the server's challenge names no scopes; all that the server supports unless given. */
  readonly scopes?: readonly string[];
}

/**
 * Obtains access for a program that acts for itself, with its secret or an assertion that it signs. Throws `misuse` unless
 * the client says where it is registered and proves who it is.
 * https://modelcontextprotocol.io/extensions/auth/oauth-client-credentials
 */
export function clientCredentials({ client, scopes }: ClientCredentialsOptions): Grant {
  assertConfidential(client);
  return {
    id: client.clientId,
    issuer: boundIssuer(client),
    scopes,
    offline: false,
    obtain: (request) => obtain(client, request),
  };
}

/** Throws `misuse` for a client that cannot act without a user. */
export function assertConfidential({ issuer, clientSecret, privateKey }: RegisteredClient): void {
  if (issuer === undefined)
    throw new AuthError('misuse', 'client.issuer must say which authorization server knows the client');
  if (clientSecret === undefined && privateKey === undefined)
    throw new AuthError('misuse', 'a client that acts without a user needs a clientSecret or a privateKey');
}

async function obtain(client: RegisteredClient, request: GrantRequest): Promise<Tokens> {
  const { discovery, scopes, http, now } = request;
  const { as, resource } = discovery;
  assertBound(client, as);
  const parameters = {
    ...(resource !== undefined && { resource }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  const { clientId } = client;
  const authentication = clientAuthentication(client, as);
  const response = await requestTokens(
    as,
    clientId,
    (known) => clientCredentialsGrantRequest(as, known, authentication, parameters, http),
    processClientCredentialsResponse,
  );
  return tokensFrom(response, { issuer: as.issuer, clientId, resource, requested: scopes, now: now() });
}
