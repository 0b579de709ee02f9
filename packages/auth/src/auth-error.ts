import { isMcpError, McpError } from '@trunkline/protocol';

/**
 * Why access was not granted: `discovery` (nobody says which authorization server to use, or it cannot be reached),
 * `metadata-invalid` (what it says cannot be used), `url-blocked` (an address that must not be visited), `issuer-mismatch`
 * (an answer of another authorization server), `resource-mismatch` (metadata of another server), `pkce-unsupported` (codes
 * would not be safe there), `registration` (no client id is to be had), `bound-elsewhere` (the credentials belong to another
 * authorization server), `state-mismatch` (an answer to no request of ours, or to an old one), `denied` (the user or the
 * authorization server said no), `token-refused` (the token endpoint said no), `expired` (a sign-in took too long),
 * `unauthorized` (the server refuses a fresh token), `insufficient-scope` (it asks for more than can be had),
 * `storage` (credentials cannot be read or written), `misuse` (a mistake in the calling program).
 */
export type AuthErrorCode =
  | 'discovery'
  | 'metadata-invalid'
  | 'url-blocked'
  | 'issuer-mismatch'
  | 'resource-mismatch'
  | 'pkce-unsupported'
  | 'registration'
  | 'bound-elsewhere'
  | 'state-mismatch'
  | 'denied'
  | 'token-refused'
  | 'expired'
  | 'unauthorized'
  | 'insufficient-scope'
  | 'storage'
  | 'misuse';

/** What may accompany an {@link AuthError}. */
export interface AuthErrorOptions extends ErrorOptions {
  /** The error code that the authorization server gave, such as `invalid_grant`. */
  readonly reason?: string;
  /** The HTTP status of the answer that is to blame. */
  readonly status?: number;
}

/** Access was not granted. `code` says why; neither the message nor any member holds a token, a code or a secret. */
export class AuthError extends McpError {
  override readonly code: AuthErrorCode;
  /** What the authorization server said, in the words of OAuth. */
  readonly reason?: string;
  readonly status?: number;

  constructor(code: AuthErrorCode, message: string, options: AuthErrorOptions = {}) {
    super('AuthError', `${code}: ${message}`, options);
    this.code = code;
    if (options.reason !== undefined) this.reason = options.reason;
    if (options.status !== undefined) this.status = options.status;
  }
}

/** The same class under the name that other implementations give it. */
export { AuthError as AuthenticationError };

/** Tells whether a value is an {@link AuthError}, also one made by another copy of this package. */
export function isAuthError(value: unknown): value is AuthError {
  return isMcpError(value, 'AuthError');
}
