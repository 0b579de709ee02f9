import {
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomState,
  OperationProcessingError,
  validateAuthResponse,
  type AuthorizationServer,
} from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';
import { isLoopbackName } from './addresses.ts';
import { keyOf, readRecord, type CredentialStore } from './credential-store.ts';
import { oauthFailure } from './oauth-failure.ts';

/** One authorization request, as it is remembered until its answer comes. */
export interface PendingAuthorization {
  readonly state: string;
  readonly verifier: string;
  readonly issuer: string;
  /** Whether the answer must say who gives it. */
  readonly namesIssuer: boolean;
  readonly server: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly resource?: string;
  readonly scopes: readonly string[];
  readonly requestedAt: number;
}

/** What a request is made from. */
export interface AuthorizationInput {
  readonly as: AuthorizationServer;
  readonly store: CredentialStore;
  readonly server: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly resource: string | undefined;
  readonly scopes: readonly string[];
  readonly now: number;
}

const LIFETIME = 600_000;

/**
 * Builds an authorization request, remembers what its answer must match, and returns the address to send the user to.
 * Rejects with `pkce-unsupported` where a stolen code could be used.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export async function requestAuthorization(
  input: AuthorizationInput,
): Promise<{ url: string; pending: PendingAuthorization }> {
  const { as, store, redirectUri, resource, scopes, clientId, server, now } = input;
  if (as.authorization_endpoint === undefined)
    throw new AuthError('metadata-invalid', `${as.issuer} has no authorization endpoint`);
  if (as.code_challenge_methods_supported?.includes('S256') !== true)
    throw new AuthError('pkce-unsupported', `${as.issuer} does not say that it supports PKCE with S256`);
  const pending: PendingAuthorization = {
    state: generateRandomState(),
    verifier: generateRandomCodeVerifier(),
    issuer: as.issuer,
    namesIssuer: as.authorization_response_iss_parameter_supported === true,
    server,
    clientId,
    redirectUri,
    ...(resource !== undefined && { resource }),
    scopes,
    requestedAt: now,
  };
  const url = new URL(as.authorization_endpoint);
  const parameters = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    state: pending.state,
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
    ...(resource !== undefined && { resource }),
    // OpenID Connect gives a refresh token only to whom the user consented to anew.
    ...(scopes.includes('offline_access') && { prompt: 'consent' }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  await store.set(pendingKey(pending.state), JSON.stringify(pending));
  return { url: url.href, pending };
}

/**
 * Takes the request that an answer belongs to: once, and within ten minutes. Rejects with `state-mismatch` for an answer to
 * anything else.
 */
export async function takePending(
  store: CredentialStore,
  parameters: URLSearchParams,
  now: number,
): Promise<PendingAuthorization> {
  const [state, ...more] = parameters.getAll('state');
  const mismatch = (why: string): AuthError =>
    new AuthError('state-mismatch', `the answer ${why}; sign in again`);
  if (state === undefined || more.length > 0) throw mismatch('does not say which request it answers');
  const pending = (await readRecord(store, pendingKey(state))) as unknown as PendingAuthorization | undefined;
  if (!pending || !(await store.delete(pendingKey(state))))
    throw mismatch('is to no request of this program');
  if (now - pending.requestedAt > LIFETIME) throw mismatch('came more than ten minutes after the request');
  return pending;
}

/** Forgets a request that nobody will answer. */
export async function abandon(store: CredentialStore, { state }: PendingAuthorization): Promise<void> {
  await store.delete(pendingKey(state));
}

/**
 * The parameters with the code, once it is certain who sent them. Rejects with `issuer-mismatch` before anything else is
 * looked at, and with `denied` if the answer is no.
 */
export function acceptResponse(pending: PendingAuthorization, parameters: URLSearchParams): URLSearchParams {
  const as = { issuer: pending.issuer, authorization_response_iss_parameter_supported: pending.namesIssuer };
  try {
    return validateAuthResponse(as, { client_id: pending.clientId }, parameters, pending.state);
  } catch (error) {
    const code = error instanceof OperationProcessingError ? 'issuer-mismatch' : 'denied';
    throw oauthFailure(code, `${pending.issuer} did not authorize this program`, error);
  }
}

/** The parameters of the address that a user came back to. */
export function parametersOf(callback: string | URL | URLSearchParams): URLSearchParams {
  if (callback instanceof URLSearchParams) return callback;
  if (!URL.canParse(callback))
    throw new AuthError('misuse', 'authorize must resolve with the address that the user came back to');
  return new URL(callback).searchParams;
}

/** Throws `misuse` for an address that no authorization server may send a user to. */
export function assertRedirectUri(redirectUri: string): void {
  const url = URL.canParse(redirectUri) ? new URL(redirectUri) : undefined;
  const ours =
    url !== undefined &&
    !redirectUri.includes('#') &&
    (url.protocol === 'https:' ||
      (url.protocol === 'http:' && isLoopbackName(url.hostname)) ||
      // https://www.rfc-editor.org/rfc/rfc8252#section-7.1: schemes of programs are reversed domain names.
      /^[a-z][a-z0-9+-]*\.[a-z0-9+.-]+:$/.test(url.protocol));
  if (!ours)
    throw new AuthError(
      'misuse',
      'redirectUri must be https, http on this machine, or a scheme such as com.example.app:',
    );
}

function pendingKey(state: string): string {
  return keyOf('pending', state);
}
