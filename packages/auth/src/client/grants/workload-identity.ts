import { AuthError } from '../../auth-error.ts';
import { assertBound, boundIssuer, type RegisteredClient } from '../client-identity.ts';
import type { Grant, GrantRequest } from '../grant.ts';
import { obtainForAssertion } from './jwt-bearer.ts';
import type { Tokens } from '../tokens.ts';

/** A workload that its platform vouches for. */
export interface WorkloadIdentityOptions {
  readonly client: RegisteredClient;
  /** A token of the platform, made for the authorization server `audience`; asked for anew each time. */
  readonly assertion: (request: {
    readonly audience: string;
    readonly signal: AbortSignal;
  }) => string | Promise<string>;
  /** Asked for where the server's challenge names no scopes; all that the server supports unless given. */
  readonly scopes?: readonly string[];
}

/**
 * Exchanges what a platform says about a workload for access. What the authorization server refuses is neither repeated nor
 * tried in another way.
 */
export function workloadIdentity({ client, assertion, scopes }: WorkloadIdentityOptions): Grant {
  if (client.issuer === undefined)
    throw new AuthError('misuse', 'client.issuer must say which authorization server trusts the workload');
  return {
    id: client.clientId,
    issuer: boundIssuer(client),
    scopes,
    offline: false,
    obtain: async (request: GrantRequest): Promise<Tokens> => {
      const { as } = request.discovery;
      assertBound(client, as);
      const token = await assertion({ audience: as.issuer, signal: request.signal });
      return obtainForAssertion(client, token, request);
    },
  };
}
