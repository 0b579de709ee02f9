import {
  authorizationCodeGrantRequest,
  processAuthorizationCodeResponse,
  processRefreshTokenResponse,
  refreshTokenGrantRequest,
} from 'oauth4webapi';
import { AuthError, isAuthError } from '../../auth-error.ts';
import {
  abandon,
  acceptResponse,
  assertRedirectUri,
  parametersOf,
  requestAuthorization,
  takePending,
  type PendingAuthorization,
} from '../authorize.ts';
import { boundIssuer, clientAuthentication } from '../client-identity.ts';
import type { Grant, GrantRequest } from '../grant.ts';
import {
  assertMetadataUrl,
  forget,
  identify,
  portless,
  recognize,
  type ClientRegistration,
  type RegistrationContext,
} from '../register.ts';
import { requestTokens } from '../token-request.ts';
import { tokensFrom, type Tokens } from '../tokens.ts';
import { untilAborted } from '../until-aborted.ts';

/** How a user is asked, and how this program makes itself known. */
export interface AuthorizationCodeOptions extends ClientRegistration {
  /** Where the authorization server sends the user back to. */
  readonly redirectUri: string;
  /**
   * Sends the user to `url`, in a browser and never through a shell, and resolves with the address that they came back to.
   * In a page that is left for it, it never resolves, and `finishSignIn` takes the answer.
   */
  readonly authorize: (
    url: string,
    options: { readonly signal: AbortSignal },
  ) => Promise<string | URL | URLSearchParams>;
  /** Asked for where the server's challenge names no scopes; all that the server supports unless given. */
  readonly scopes?: readonly string[];
}

/** The grant of users. Completes an answer that came to another page. */
export interface AuthorizationCodeGrant extends Grant {
  readonly complete: (
    pending: PendingAuthorization,
    parameters: URLSearchParams,
    request: GrantRequest,
  ) => Promise<Tokens>;
}

/**
 * Asks the user for access, with PKCE, and refreshes it. Throws `misuse` for options that no authorization server accepts.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function authorizationCode(options: AuthorizationCodeOptions): AuthorizationCodeGrant {
  const { redirectUri, client, clientMetadataUrl, scopes } = options;
  assertRedirectUri(redirectUri);
  if (clientMetadataUrl !== undefined) assertMetadataUrl(clientMetadataUrl);
  if (client && client.issuer === undefined)
    throw new AuthError('misuse', 'client.issuer must say which authorization server knows the client');
  return {
    id: client?.clientId ?? clientMetadataUrl ?? portless(redirectUri),
    issuer: boundIssuer(client),
    scopes,
    offline: true,
    obtain: (request) => obtain(options, request),
    refresh: (tokens, request) => refresh(options, tokens, request),
    complete: (pending, parameters, request) => complete(options, pending, parameters, request),
  };
}

async function obtain(options: AuthorizationCodeOptions, request: GrantRequest): Promise<Tokens> {
  const { server, store, scopes, signal, now } = request;
  const { as, resource } = request.discovery;
  const { redirectUri } = options;
  const { clientId } = await identify(options, contextOf(options, request));
  const input = { as, store, server, clientId, redirectUri, resource, scopes, now: now() };
  const { url, pending } = await requestAuthorization(input);
  const answer = options.authorize(url, { signal });
  const callback = await untilAborted(answer, signal).catch(async (error: unknown) => {
    await abandon(store, pending);
    throw error;
  });
  const parameters = parametersOf(callback);
  const taken = await takePending(store, parameters, now());
  if (taken.state !== pending.state)
    throw new AuthError('state-mismatch', 'the answer is to another request; sign in again');
  return complete(options, taken, parameters, request);
}

/** Exchanges the code. The client is the one that the request was made for, at the issuer that was recorded with it. */
async function complete(
  options: AuthorizationCodeOptions,
  pending: PendingAuthorization,
  parameters: URLSearchParams,
  request: GrantRequest,
): Promise<Tokens> {
  const { http, now } = request;
  const { as } = request.discovery;
  if (as.issuer !== pending.issuer)
    throw new AuthError('issuer-mismatch', `${pending.issuer} was asked, and not ${as.issuer}`);
  const accepted = acceptResponse(pending, parameters);
  const { clientId, redirectUri, verifier, resource, scopes: requested } = pending;
  const context = contextOf(options, request);
  const identity = await recognize(options, context, clientId);
  if (!identity)
    throw new AuthError('state-mismatch', 'the request was made for another client; sign in again');
  const authentication = clientAuthentication(identity, as);
  const response = await requestTokens(
    as,
    clientId,
    (client) =>
      authorizationCodeGrantRequest(as, client, authentication, accepted, redirectUri, verifier, {
        ...http,
        ...withResource(resource),
      }),
    processAuthorizationCodeResponse,
  ).catch(async (error: unknown) => {
    // A registration that the authorization server forgot is made anew the next time.
    if (isAuthError(error) && error.reason === 'invalid_client') await forget(context, clientId);
    throw error;
  });
  return tokensFrom(response, { issuer: as.issuer, clientId, resource, requested, now: now() });
}

async function refresh(
  options: AuthorizationCodeOptions,
  tokens: Tokens,
  request: GrantRequest,
): Promise<Tokens> {
  const { http, now } = request;
  const { as } = request.discovery;
  const { issuer, clientId, resource, requested, refreshToken } = tokens;
  const identity = await recognize(options, contextOf(options, request), clientId);
  if (refreshToken === undefined || issuer !== as.issuer || !identity)
    throw new AuthError('bound-elsewhere', `the refresh token is for ${clientId} at ${issuer}`);
  const authentication = clientAuthentication(identity, as);
  const response = await requestTokens(
    as,
    clientId,
    (client) =>
      refreshTokenGrantRequest(as, client, authentication, refreshToken, {
        ...http,
        ...withResource(resource),
      }),
    processRefreshTokenResponse,
  );
  return tokensFrom(response, { issuer, clientId, resource, requested, now: now(), previous: tokens });
}

function contextOf({ redirectUri }: AuthorizationCodeOptions, request: GrantRequest): RegistrationContext {
  const { store, http, now } = request;
  return { as: request.discovery.as, store, http, redirectUri, now: now() };
}

function withResource(resource: string | undefined): { additionalParameters?: Record<string, string> } {
  return resource === undefined ? {} : { additionalParameters: { resource } };
}
