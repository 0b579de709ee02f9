import {
  type allowInsecureRequests,
  type customFetch,
  isDPoPNonceError,
  processGenericTokenEndpointResponse,
  type AuthorizationServer,
  type Client,
  type DPoPHandle,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import type { Fetch } from './documents.ts';
import { oauthFailure } from './oauth-failure.ts';

/** What accompanies every request to a token endpoint. */
export interface TokenRequestOptions {
  readonly [customFetch]: Fetch;
  /** The address policy decides about addresses, and it knows about this machine. */
  readonly [allowInsecureRequests]: true;
  readonly signal?: AbortSignal;
  readonly DPoP?: DPoPHandle;
}

/**
 * Sends a token request and reads the answer; once more if only the nonce of a proof was missing. Rejects with
 * `token-refused`, which carries the authorization server's own code as `reason`.
 */
export async function requestTokens(
  as: AuthorizationServer,
  clientId: string,
  send: (client: Client) => Promise<Response>,
  read: typeof processGenericTokenEndpointResponse = processGenericTokenEndpointResponse,
): Promise<TokenEndpointResponse> {
  const client: Client = { client_id: clientId };
  const attempt = async (): Promise<TokenEndpointResponse> =>
    read(as, client, await withoutIdToken(await send(client)));
  try {
    return await attempt().catch((error: unknown) => {
      if (isDPoPNonceError(error)) return attempt();
      throw error;
    });
  } catch (error) {
    throw oauthFailure('token-refused', `the token endpoint of ${as.issuer} refused`, error);
  }
}

/** Access is all that is asked for here; an identity that nobody reads need not be validated. */
async function withoutIdToken(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const { status, headers } = response;
  const text = await response.text();
  try {
    const { id_token: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
    return new Response(JSON.stringify(rest), { status, headers });
  } catch {
    return new Response(text, { status, headers });
  }
}
