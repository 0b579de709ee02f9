import { genericTokenEndpointRequest, processGenericTokenEndpointResponse } from 'oauth4webapi';
import { AuthError } from '../../auth-error.ts';
import { assertBound, boundIssuer, clientAuthentication, type RegisteredClient } from '../client-identity.ts';
import type { Grant, GrantRequest } from '../grant.ts';
import { findServerMetadata } from '../server-metadata.ts';
import { requestTokens } from '../token-request.ts';
import { obtainForAssertion } from './jwt-bearer.ts';
import { assertConfidential } from './client-credentials.ts';

/** An enterprise whose identity provider decides who may use which server. */
export interface EnterpriseManagedOptions {
  /** This program, as the authorization server of the server knows it. */
  readonly client: RegisteredClient;
  /** This program, as the identity provider knows it; `issuer` is the identity provider. */
  readonly identityProvider: RegisteredClient & {
    /** Looked up in the metadata of the identity provider unless given. */
    readonly tokenEndpoint?: string;
  };
  /** What proves the user's sign-in at the identity provider; asked for anew each time. */
  readonly subjectToken: (request: { readonly signal: AbortSignal }) => SubjectToken | Promise<SubjectToken>;
  /** Asked for where the server's challenge names no scopes; all that the server supports unless given. */
  readonly scopes?: readonly string[];
}

/** A token about a user, and of which kind it is. */
export interface SubjectToken {
  readonly token: string;
  readonly type: 'id_token' | 'refresh_token' | 'saml2';
}

/**
 * Obtains access by way of the enterprise's identity provider; the user is never sent to the authorization server. The
 * identity assertion in between is in no log, address or store.
 * https://modelcontextprotocol.io/extensions/auth/enterprise-managed-authorization
 */
export function enterpriseManaged(options: EnterpriseManagedOptions): Grant {
  const { client, scopes } = options;
  assertConfidential(client);
  return {
    id: client.clientId,
    issuer: boundIssuer(client),
    scopes,
    offline: false,
    obtain: async (request) => {
      assertBound(client, request.discovery.as);
      return obtainForAssertion(client, await exchange(options, request), request);
    },
  };
}

/** The identity assertion for this server. https://www.rfc-editor.org/rfc/rfc8693 */
async function exchange(
  { identityProvider, subjectToken }: EnterpriseManagedOptions,
  request: GrantRequest,
): Promise<string> {
  const { discovery, scopes, http, fetch, policy, signal } = request;
  const { issuer, tokenEndpoint, clientId } = identityProvider;
  const idp =
    tokenEndpoint === undefined
      ? await findServerMetadata(fetch, policy, issuer, signal)
      : { issuer, token_endpoint: policy.check(tokenEndpoint, 'the token endpoint').href };
  const { token, type } = await subjectToken({ signal });
  const parameters = {
    requested_token_type: ID_JAG,
    audience: discovery.as.issuer,
    ...(discovery.resource !== undefined && { resource: discovery.resource }),
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    subject_token: token,
    subject_token_type: `urn:ietf:params:oauth:token-type:${type}`,
  };
  const authentication = clientAuthentication(identityProvider, idp);
  // The assertion is bound to no key, so no proof accompanies the request.
  const { DPoP: _, ...options } = http;
  const response = await requestTokens(
    idp,
    clientId,
    (client) => genericTokenEndpointRequest(idp, client, authentication, TOKEN_EXCHANGE, parameters, options),
    (as, client, answer) =>
      processGenericTokenEndpointResponse(as, client, answer, { recognizedTokenTypes: { n_a: () => {} } }),
  );
  if (response['issued_token_type'] !== ID_JAG)
    throw new AuthError('token-refused', `${issuer} did not issue an identity assertion`);
  return response.access_token;
}

const ID_JAG = 'urn:ietf:params:oauth:token-type:id-jag';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
