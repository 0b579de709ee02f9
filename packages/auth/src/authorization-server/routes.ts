import { Hono, type Context } from 'hono';
import { cors } from 'hono/cors';
import { AuthError } from '../auth-error.ts';
import { isLoopbackName } from '../client/addresses.ts';
import type { TokenVerifier } from '../server/token-verifier.ts';
import type { AuthorizeRoutes } from './authorize-routes.ts';
import { readForm, readJson } from './body.ts';
import { credentialsIn, METHODS, type Clients } from './clients.ts';
import { OAuthError } from './oauth-error.ts';
import type { IssuerOptions } from './options.ts';
import type { Tokens } from './tokens.ts';
import { digest } from './vault.ts';

/** What an authorization server consists of. */
export interface Parts {
  readonly clients: Clients;
  readonly tokens: Tokens;
  readonly authorize: AuthorizeRoutes;
}

/** An authorization server, to be mounted at the root of its origin. */
export interface AuthorizationServer {
  readonly app: Hono;
  /** Judges its tokens, for a protected resource in the same process. */
  readonly verifyToken: TokenVerifier;
}

/** The routes that authorization servers of both kinds have. */
export function routesOf(options: IssuerOptions, { clients, tokens, authorize }: Parts): Hono {
  const base = new URL(options.issuer).pathname.replace(/\/$/, '');
  const app = new Hono();
  const anywhere = cors({ origin: '*' });
  const metadata = metadataOf(options);
  const publish = (context: Context): Response =>
    context.json(metadata, 200, { 'cache-control': 'max-age=300' });
  const place = `/.well-known/oauth-authorization-server${base}`;
  app.use(place, anywhere).get(place, publish);
  app.get(`${base}/authorize`, (context) => authorize.ask(context));
  app.post(`${base}/authorize`, (context) => authorize.decide(context));
  app.use(`${base}/token`, anywhere).post(`${base}/token`, async (context) => {
    const form = await readForm(context.req.raw);
    const client = await clients.authenticate(context.req.raw, form);
    switch (form.get('grant_type')) {
      case 'authorization_code':
        return context.json(await tokens.exchangeCode(client, form), 200, SECRET);
      case 'refresh_token':
        return context.json(await tokens.refresh(client, form), 200, SECRET);
      default:
        throw new OAuthError(
          'unsupported_grant_type',
          'grant_type must be authorization_code or refresh_token',
        );
    }
  });
  app.use(`${base}/revoke`, anywhere).post(`${base}/revoke`, async (context) => {
    const form = await readForm(context.req.raw);
    await tokens.revoke(await clients.authenticate(context.req.raw, form), form.get('token') ?? '');
    return context.body(null, 200, SECRET);
  });
  app.post(`${base}/introspect`, async (context) => {
    const form = await readForm(context.req.raw);
    return context.json(await introspect(context.req.raw, form, tokens, options), 200, SECRET);
  });
  if (options.registration !== false) {
    app
      .use(`${base}/register`, anywhere)
      .post(`${base}/register`, async (context) =>
        context.json(await clients.register(await readJson(context.req.raw)), 201, SECRET),
      );
  }
  app.onError((error, context) => {
    if (!(error instanceof OAuthError)) throw error;
    const { error: code, message, status } = error;
    const fields = { ...SECRET, ...(status === 401 && { 'www-authenticate': 'Basic realm="token"' }) };
    return context.json({ error: code, error_description: message }, status, fields);
  });
  return app;
}

/** Throws `misuse` for an authorization server that nobody could use safely. */
export function assertIssuer({ issuer, resources, consent }: IssuerOptions): void {
  const url = URL.canParse(issuer) ? new URL(issuer) : undefined;
  const local = url !== undefined && isLoopbackName(url.hostname);
  if (!url || (url.protocol !== 'https:' && !(url.protocol === 'http:' && local)) || /[?#]/.test(issuer))
    throw new AuthError(
      'misuse',
      'issuer must be https, or http on this machine, without query and fragment',
    );
  if (resources.length === 0)
    throw new AuthError('misuse', 'resources must name at least one server that tokens are made for');
  if (consent === 'always-dangerous' && !local)
    throw new AuthError('misuse', 'an authorization server that asks nobody may only be on this machine');
}

const SECRET = { 'cache-control': 'no-store', pragma: 'no-cache' };

function metadataOf({
  issuer,
  scopes = [],
  registration,
  metadataDocuments,
}: IssuerOptions): Record<string, unknown> {
  const base = issuer.replace(/\/$/, '');
  return {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    token_endpoint: `${base}/token`,
    revocation_endpoint: `${base}/revoke`,
    introspection_endpoint: `${base}/introspect`,
    ...(registration !== false && { registration_endpoint: `${base}/register` }),
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: METHODS,
    revocation_endpoint_auth_methods_supported: METHODS,
    code_challenge_methods_supported: ['S256'],
    client_id_metadata_document_supported: metadataDocuments !== false,
    authorization_response_iss_parameter_supported: true,
  };
}

/** Tells a resource server about tokens that were made for it, and nothing about others. */
async function introspect(
  request: Request,
  form: URLSearchParams,
  tokens: Tokens,
  { resourceServers = [] }: IssuerOptions,
): Promise<Record<string, unknown>> {
  const { id, secret } = credentialsIn(request, form);
  const asker = resourceServers.find(({ clientId }) => clientId === id);
  // Hashes are compared, so that the time it takes tells nothing about the secret.
  if (!asker || (await digest(asker.clientSecret)) !== (await digest(secret ?? '')))
    throw new OAuthError('invalid_client', 'no resource server is known by these credentials', 401);
  const token = await tokens.verify(form.get('token') ?? '');
  if (!token?.audience.includes(asker.resource)) return { active: false };
  return {
    active: true,
    iss: token.issuer,
    sub: token.subject,
    aud: asker.resource,
    client_id: token.clientId,
    scope: token.scopes.join(' '),
    exp: token.expiresAt,
    token_type: 'Bearer',
  };
}
