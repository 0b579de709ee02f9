import {
  createRemoteJWKSet,
  customFetch,
  errors,
  jwtVerify,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import { addressPolicy, issuerUrl } from '../client/addresses.ts';
import { documentFetch, type Fetch } from '../client/documents.ts';
import { findServerMetadata } from '../client/server-metadata.ts';
import { AuthError } from '../auth-error.ts';
import { verifiedFrom, type TokenVerifier } from './token-verifier.ts';

/** Whose tokens are believed. */
export interface JwtTokensOptions {
  /** The authorization server, exactly as its tokens name it. */
  readonly issuer: string;
  /** Where its keys are; looked up in its metadata unless given. */
  readonly jwksUri?: string;
  /** Algorithms that count. Asymmetric ones unless given; never `none`. */
  readonly algorithms?: readonly string[];
  readonly fetch?: Fetch;
  /** Milliseconds during which unknown keys are not asked for again; 30,000 unless given. */
  readonly keyCooldown?: number;
  /** Lets the authorization server be in a private network. */
  readonly allowPrivate?: boolean;
  /** Where the time comes from, in milliseconds since 1970. */
  readonly now?: () => number;
}

const ASYMMETRIC = [
  'ES256',
  'ES384',
  'ES512',
  'PS256',
  'PS384',
  'PS512',
  'RS256',
  'RS384',
  'RS512',
  'EdDSA',
  'Ed25519',
];
const LEEWAY = 60;

/**
 * Verifies access tokens that are signed JWTs: signature, issuer and times. Keys are fetched when first needed, kept for ten
 * minutes, and fetched again for a key that is not among them.
 * https://www.rfc-editor.org/rfc/rfc9068
 */
export function jwtTokens(options: JwtTokensOptions): TokenVerifier {
  const { issuer, algorithms = ASYMMETRIC, now = Date.now } = options;
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (token) => {
    keys ??= keysOf(options);
    const found = await keys.catch((error: unknown) => {
      keys = undefined;
      throw error;
    });
    const wanted: JWTVerifyOptions = {
      issuer,
      algorithms: [...algorithms],
      clockTolerance: LEEWAY,
      currentDate: new Date(now()),
      requiredClaims: ['exp'],
    };
    try {
      const { payload, protectedHeader } = await jwtVerify(token, found, wanted);
      return isAccessToken(protectedHeader.typ) ? verifiedFrom(payload) : undefined;
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) throw error;
      return undefined;
    }
  };
}

async function keysOf(options: JwtTokensOptions): Promise<JWTVerifyGetKey> {
  const { issuer, fetch = (url, init) => globalThis.fetch(url, init), allowPrivate } = options;
  const policy = addressPolicy(issuerUrl(issuer), allowPrivate);
  const documents = documentFetch(fetch, policy);
  const address = options.jwksUri ?? (await findServerMetadata(documents, policy, issuer)).jwks_uri;
  if (address === undefined) throw new AuthError('discovery', `${issuer} does not say where its keys are`);
  return createRemoteJWKSet(policy.check(address, 'jwks_uri'), {
    [customFetch]: (url, init) => documents(url, init),
    cooldownDuration: options.keyCooldown ?? 30_000,
  });
}

/** Other tokens of the same issuer, such as identity assertions, carry types of their own. */
function isAccessToken(type: string | undefined): boolean {
  return type === undefined || /^(?:application\/)?(?:at\+)?jwt$/i.test(type);
}
