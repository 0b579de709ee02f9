import { genericTokenEndpointRequest } from 'oauth4webapi';
import { clientAuthentication, type ClientIdentity } from '../client-identity.ts';
import type { GrantRequest } from '../grant.ts';
import { requestTokens } from '../token-request.ts';
import { tokensFrom, type Tokens } from '../tokens.ts';

/** Obtains tokens for an assertion that somebody made whom the authorization server trusts. https://www.rfc-editor.org/rfc/rfc7523 */
export async function obtainForAssertion(
  client: ClientIdentity,
  assertion: string,
  request: GrantRequest,
): Promise<Tokens> {
  const { discovery, scopes, http, now } = request;
  const { as, resource } = discovery;
  const parameters = {
    assertion,
    ...(resource !== undefined && { resource }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  const { clientId } = client;
  const authentication = clientAuthentication(client, as);
  const response = await requestTokens(as, clientId, (known) =>
    genericTokenEndpointRequest(as, known, authentication, JWT_BEARER, parameters, http),
  );
  return tokensFrom(response, { issuer: as.issuer, clientId, resource, requested: scopes, now: now() });
}

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
