/** What a token says, once it is certain that the issuer said it and that it holds. */
export interface VerifiedToken {
  readonly issuer?: string;
  readonly subject?: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
  /** Whom the token is for. */
  readonly audience: readonly string[];
  /** Seconds since 1970. A token without an end is refused. */
  readonly expiresAt: number;
  readonly claims?: Readonly<Record<string, unknown>>;
}

/**
 * Tells what a token says, or `undefined` for one that it does not vouch for. Rejects if that cannot be found out now. Whom
 * the token is for, and for how long, is checked by whoever asks.
 */
export type TokenVerifier = (token: string) => Promise<VerifiedToken | undefined>;

/** The members of a token as RFC 9068 and RFC 7662 name them; `undefined` if it has no end or is bound to a key. */
export function verifiedFrom(claims: Readonly<Record<string, unknown>>): VerifiedToken | undefined {
  const { iss, sub, aud, exp, scope, scp, client_id: id, azp, cnf } = claims;
  // A token that is bound to a key is worth nothing to whoever cannot show the key.
  if (typeof exp !== 'number' || cnf !== undefined) return undefined;
  const clientId = [id, azp].find((value) => typeof value === 'string') ?? '';
  return {
    ...(typeof iss === 'string' && { issuer: iss }),
    ...(typeof sub === 'string' && { subject: sub }),
    clientId,
    scopes: [...words(scope), ...words(scp)],
    audience: Array.isArray(aud) ? aud.filter((one) => typeof one === 'string') : words(aud),
    expiresAt: exp,
    claims,
  };
}

function words(value: unknown): string[] {
  if (typeof value === 'string') return value.split(' ').filter((word) => word !== '');
  return Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
}
