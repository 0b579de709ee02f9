import { customFetch, protectedResourceRequest, WWWAuthenticateChallengeError } from 'oauth4webapi';

/** What a server says it needs. */
export interface AuthChallenge {
  readonly error?: string;
  readonly scopes?: readonly string[];
  /** Where the server says its metadata is. */
  readonly resourceMetadata?: string;
  /** Whether only the nonce of a proof was missing. */
  readonly wantsNonce: boolean;
}

/**
 * Reads the challenges of a response. Parameters count that stand with the schemes `Bearer` and `DPoP`; a field that cannot
 * be read says nothing. https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate
 */
export async function readChallenge(response: Response): Promise<AuthChallenge> {
  const challenges = await parse(response);
  const ours = challenges.filter(({ scheme }) => scheme === 'bearer' || scheme === 'dpop');
  const parameter = (name: string): string | undefined =>
    ours.map(({ parameters }) => parameters[name as Lowercase<string>]).find((value) => value !== undefined);
  const [error, scope, resourceMetadata] = [
    parameter('error'),
    parameter('scope'),
    parameter('resource_metadata'),
  ];
  return {
    ...(error !== undefined && { error }),
    ...(scope !== undefined && { scopes: scopesOf(scope) }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
    wantsNonce: ours.some(
      ({ scheme, parameters }) => scheme === 'dpop' && parameters.error === 'use_dpop_nonce',
    ),
  };
}

/** The scopes that a `scope` parameter lists, each once; at most 100 that are of sensible length. */
export function scopesOf(scope: string | undefined): string[] {
  const scopes = (scope ?? '').split(' ').filter((name) => /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/.test(name));
  return [...new Set(scopes)].slice(0, 100);
}

/** The library's own parser, which it only offers by way of a request: this one is answered at once, with `response`. */
async function parse(response: Response): Promise<WWWAuthenticateChallengeError['cause']> {
  const head = new Response(null, { status: 401, headers: response.headers });
  const fetch = async (): Promise<Response> => head;
  try {
    await protectedResourceRequest('-', 'GET', new URL('https://localhost/'), undefined, null, {
      [customFetch]: fetch,
    });
  } catch (error) {
    if (error instanceof WWWAuthenticateChallengeError) return error.cause;
    throw error;
  }
  return [];
}
