import type { Challenge } from './head.ts';

/** Why a request is turned away, in the words of https://www.rfc-editor.org/rfc/rfc6750#section-3.1 */
export type Refusal = 'missing' | 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/** What a challenge says besides. */
export interface ChallengeContext {
  readonly resourceMetadata: string;
  /** All scopes that the operation needs. */
  readonly scopes: readonly string[];
  /** For people who read logs; never anything of the request. */
  readonly description?: string;
}

const STATUS = { missing: 401, invalid_request: 400, invalid_token: 401, insufficient_scope: 403 } as const;

/** The answer that tells a client what to do. It repeats nothing that the client sent. */
export function challengeFor(refusal: Refusal, context: ChallengeContext): Challenge {
  const { resourceMetadata, scopes, description } = context;
  // Whoever shows no token is not told of an error.
  const error = refusal === 'missing' ? undefined : refusal;
  const parameters = {
    error,
    error_description: error && description,
    scope: scopes.length > 0 ? scopes.join(' ') : undefined,
    resource_metadata: resourceMetadata,
  };
  const listed = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}="${value}"`,
  );
  return {
    status: STATUS[refusal],
    headers: { 'www-authenticate': `Bearer ${listed.join(', ')}`, 'cache-control': 'no-store' },
    body: JSON.stringify({
      error: error ?? 'invalid_token',
      error_description: description ?? 'this server asks for an access token',
    }),
  };
}
