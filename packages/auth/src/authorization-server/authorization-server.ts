import { AuthorizeRoutes } from './authorize-routes.ts';
import { Clients } from './clients.ts';
import type { IssuerOptions, User } from './options.ts';
import { assertIssuer, routesOf, type AuthorizationServer } from './routes.ts';
import { Tokens } from './tokens.ts';
import { Vault } from './vault.ts';

/** An authorization server that knows its users. */
export interface AuthorizationServerOptions extends IssuerOptions {
  /** Who is signed in, by a session of yours; a response, such as a redirect to your login page, if nobody is. */
  readonly authenticate: (request: Request) => User | Response | Promise<User | Response>;
}

/**
 * An authorization server for development and small deployments: PKCE always, codes and refresh tokens once, secrets hashed,
 * every user asked each time. State is in the store, so that several processes may be one server. Throws `misuse` for what
 * nobody could use safely. It does not limit rates, and knows users only through `authenticate`.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization
 */
export function authorizationServer(options: AuthorizationServerOptions): AuthorizationServer {
  assertIssuer(options);
  const vault = new Vault(options.store, options.issuer);
  const clients = new Clients(options, vault);
  const tokens = new Tokens(options, vault);
  const authorize = new AuthorizeRoutes(options, clients, vault, {
    identify: async (request) => {
      const user = await options.authenticate(request);
      return user instanceof Response ? user : user.subject;
    },
    agreed: async (_, { request, subject = '' }) => {
      const { clientId, resource, scopes, redirectUri, challenge } = request;
      const grant = { clientId, resource, scopes, subject };
      return authorize.answer(request, { code: await tokens.issueCode(grant, redirectUri, challenge) });
    },
  });
  return { app: routesOf(options, { clients, tokens, authorize }), verifyToken: tokens.verify };
}
