import {
  allowInsecureRequests,
  customFetch,
  introspectionRequest,
  processIntrospectionResponse,
} from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';
import { addressPolicy, issuerUrl } from '../client/addresses.ts';
import { clientAuthentication, type RegisteredClient } from '../client/client-identity.ts';
import { documentFetch, type Fetch } from '../client/documents.ts';
import { oauthFailure } from '../client/oauth-failure.ts';
import { findServerMetadata } from '../client/server-metadata.ts';
import { verifiedFrom, type TokenVerifier } from './token-verifier.ts';

/** Who is asked about tokens, and as whom. */
export interface IntrospectedTokensOptions {
  /** This resource server, as the authorization server knows it. */
  readonly client: RegisteredClient;
  /** Where to ask; looked up in the metadata of the issuer unless given. */
  readonly endpoint?: string;
  readonly fetch?: Fetch;
  /** Lets the authorization server be in a private network. */
  readonly allowPrivate?: boolean;
}

/**
 * Asks the authorization server about each token, so that what it revokes is refused at once.
 * https://www.rfc-editor.org/rfc/rfc7662
 */
export function introspectedTokens(options: IntrospectedTokensOptions): TokenVerifier {
  const { client, endpoint, allowPrivate, fetch = (url, init) => globalThis.fetch(url, init) } = options;
  const { issuer, clientId } = client;
  const policy = addressPolicy(issuerUrl(issuer), allowPrivate);
  const documents = documentFetch(fetch, policy);
  const find = async (): Promise<{ issuer: string; introspection_endpoint?: string }> =>
    endpoint === undefined
      ? findServerMetadata(documents, policy, issuer)
      : { issuer, introspection_endpoint: policy.check(endpoint, 'endpoint').href };
  let found: ReturnType<typeof find> | undefined;
  return async (token) => {
    found ??= find();
    const as = await found.catch((error: unknown) => {
      found = undefined;
      throw error;
    });
    if (as.introspection_endpoint === undefined)
      throw new AuthError('discovery', `${issuer} has no introspection endpoint`);
    try {
      const known = { client_id: clientId };
      const response = await introspectionRequest(as, known, clientAuthentication(client, as), token, {
        [customFetch]: documents,
        [allowInsecureRequests]: true,
        additionalParameters: { token_type_hint: 'access_token' },
      });
      const answer = await processIntrospectionResponse(as, known, response);
      if (!answer.active || (answer.iss !== undefined && answer.iss !== issuer)) return undefined;
      return verifiedFrom({ iss: issuer, ...answer });
    } catch (error) {
      throw oauthFailure('discovery', `${issuer} did not answer about a token`, error);
    }
  };
}
