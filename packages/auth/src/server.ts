/** Authorization servers as Hono routes: one that knows its users, and one in front of a provider that does. */
export {
  authorizationServer,
  type AuthorizationServerOptions,
} from './authorization-server/authorization-server.ts';
export {
  oauthProxy,
  type OAuthProxyOptions,
  type UpstreamProvider,
} from './authorization-server/oauth-proxy.ts';
export type { IssuerOptions, KnownClient, ResourceServer, User } from './authorization-server/options.ts';
export type { AuthorizationServer } from './authorization-server/routes.ts';
