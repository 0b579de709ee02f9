import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  customFetch,
  generateRandomCodeVerifier,
  processAuthorizationCodeResponse,
  type AuthorizationServer as Upstream,
  type TokenEndpointResponse,
} from 'oauth4webapi';
import type { Context } from 'hono';
import { isAuthError } from '../auth-error.ts';
import { acceptResponse, type PendingAuthorization } from '../client/authorize.ts';
import { addressPolicy } from '../client/addresses.ts';
import { clientAuthentication } from '../client/client-identity.ts';
import { documentFetch } from '../client/documents.ts';
import { requestTokens } from '../client/token-request.ts';
import { AuthorizeRoutes, TICKET_LIFETIME } from './authorize-routes.ts';
import { isBoundBrowser } from './browser-binding.ts';
import { Clients } from './clients.ts';
import { failurePage } from './consent-page.ts';
import type { IssuerOptions, User } from './options.ts';
import type { Journey, Ticket } from './records.ts';
import { assertIssuer, routesOf, type AuthorizationServer } from './routes.ts';
import { Tokens } from './tokens.ts';
import { Vault } from './vault.ts';

/** A provider that knows the users, and this proxy as its only client. */
export interface UpstreamProvider {
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  readonly scopes?: readonly string[];
  /** Further parameters of the authorization request, such as `audience`. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether its answers say who gives them. */
  readonly namesIssuer?: boolean;
}

/** An authorization server in front of a provider that does not register clients. */
export interface OAuthProxyOptions extends IssuerOptions {
  readonly upstream: UpstreamProvider;
  /** Who the provider says has signed in. Its tokens stay here: keep them for calls upstream, under the subject, or drop them. */
  readonly identify: (tokens: TokenEndpointResponse) => User | Promise<User>;
}

/**
 * Registers clients in place of a provider that does not, and issues tokens of its own. Every user is asked, for every client,
 * before they are sent upstream, and only the browser that agreed can come back. Its callback is `callback` below the issuer.
 * Throws `misuse` for what nobody could use safely.
 * https://modelcontextprotocol.io/docs/2026-07-28/tutorials/security/security_best_practices
 */
export function oauthProxy(options: OAuthProxyOptions): AuthorizationServer {
  assertIssuer(options);
  const vault = new Vault(options.store, options.issuer);
  const clients = new Clients(options, vault);
  const tokens = new Tokens(options, vault);
  const redirectUri = `${options.issuer.replace(/\/$/, '')}/callback`;
  const authorize = new AuthorizeRoutes(options, clients, vault, {
    agreed: (_, ticket) => depart(ticket, redirectUri, vault, options),
  });
  const app = routesOf(options, { clients, tokens, authorize });
  app.get(new URL(redirectUri).pathname, async (context) => {
    const journey = await arrive(context, vault, options);
    if (!journey) return failurePage('Nobody in this browser has agreed to what was to be completed here.');
    const { request } = journey.ticket;
    try {
      const { subject } = await options.identify(await exchange(context, journey.pending, options));
      const { clientId, resource, scopes, challenge } = request;
      const grant = { clientId, resource, scopes, subject };
      return authorize.answer(request, {
        code: await tokens.issueCode(grant, request.redirectUri, challenge),
      });
    } catch (error) {
      if (!isAuthError(error)) throw error;
      return authorize.answer(request, { error: 'access_denied' });
    }
  });
  return { app, verifyToken: tokens.verify };
}

/** Sends the user upstream, with a state and a verifier of this journey alone. */
async function depart(
  ticket: Ticket,
  redirectUri: string,
  vault: Vault,
  { upstream, issuer, now = Date.now }: OAuthProxyOptions,
): Promise<Response> {
  const { clientId, scopes = [], namesIssuer = false } = upstream;
  const pending: PendingAuthorization = {
    state: '',
    verifier: generateRandomCodeVerifier(),
    issuer: upstream.issuer,
    namesIssuer,
    server: issuer,
    clientId,
    redirectUri,
    scopes,
    requestedAt: now(),
  };
  const state = await vault.issue('journey', { ticket, pending }, TICKET_LIFETIME);
  const location = new URL(upstream.authorizationEndpoint);
  const parameters = {
    ...upstream.parameters,
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(pending.verifier),
    code_challenge_method: 'S256',
    ...(scopes.length > 0 && { scope: scopes.join(' ') }),
  };
  for (const [name, value] of Object.entries(parameters)) location.searchParams.set(name, value);
  return new Response(null, {
    status: 302,
    headers: { location: location.href, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
  });
}

/** The journey that this browser began, once. */
async function arrive(
  context: Context,
  vault: Vault,
  { issuer }: OAuthProxyOptions,
): Promise<Journey | undefined> {
  const state = context.req.query('state') ?? '';
  const waiting = await vault.find('journey', state);
  // Looked at before it is taken: a stranger must not end somebody's journey.
  if (!waiting || !(await isBoundBrowser(context, issuer, waiting.ticket.browser))) return undefined;
  const taken = await vault.take('journey', state, TICKET_LIFETIME);
  if (!taken || taken.spent) return undefined;
  return { ...taken.record, pending: { ...taken.record.pending, state } };
}

async function exchange(
  context: Context,
  pending: PendingAuthorization,
  { upstream, fetch = (url, init) => globalThis.fetch(url, init) }: OAuthProxyOptions,
): Promise<TokenEndpointResponse> {
  const accepted = acceptResponse(pending, new URL(context.req.url).searchParams);
  const as: Upstream = { issuer: upstream.issuer, token_endpoint: upstream.tokenEndpoint };
  const authentication = clientAuthentication(upstream, as);
  const { redirectUri, verifier } = pending;
  const http = {
    [customFetch]: documentFetch(fetch, addressPolicy(new URL(upstream.tokenEndpoint))),
    [allowInsecureRequests]: true,
  } as const;
  return requestTokens(
    as,
    upstream.clientId,
    (client) =>
      authorizationCodeGrantRequest(as, client, authentication, accepted, redirectUri, verifier, http),
    processAuthorizationCodeResponse,
  );
}
