import { AuthError } from '../auth-error.ts';

/** A token that somebody else obtained. */
export interface ClientAuthOptions {
  readonly token: string;
}

/** Header fields that present a token. */
export interface ClientAuth {
  headers(): { readonly authorization: string };
}

/**
 * Presents a token that was obtained elsewhere, for the `headers` option of a transport. The token shows in no log and no
 * inspection. Throws `misuse` for what cannot be a token.
 */
export function ClientAuth({ token }: ClientAuthOptions): ClientAuth {
  // https://www.rfc-editor.org/rfc/rfc6750#section-2.1
  if (typeof token !== 'string' || !/^[A-Za-z0-9\-._~+/]+=*$/.test(token))
    throw new AuthError('misuse', 'the token is empty or has characters that no bearer token has');
  return { headers: () => ({ authorization: `Bearer ${token}` }) };
}
