export {
  AuthenticationError,
  AuthError,
  isAuthError,
  type AuthErrorCode,
  type AuthErrorOptions,
} from './auth-error.ts';
export { ClientAuth, type ClientAuthOptions } from './client/client-auth.ts';
export { withAuth, type AuthFetch } from './client/with-auth.ts';
export { finishSignIn, type FinishSignInOptions } from './client/finish-sign-in.ts';
export type { AuthOptions } from './client/options.ts';
export { memoryCredentials, type CredentialStore } from './client/credential-store.ts';
export {
  authorizationCode,
  type AuthorizationCodeGrant,
  type AuthorizationCodeOptions,
} from './client/grants/authorization-code.ts';
export { clientCredentials, type ClientCredentialsOptions } from './client/grants/client-credentials.ts';
export {
  enterpriseManaged,
  type EnterpriseManagedOptions,
  type SubjectToken,
} from './client/grants/enterprise-managed.ts';
export { workloadIdentity, type WorkloadIdentityOptions } from './client/grants/workload-identity.ts';
export type { RegisteredClient } from './client/client-identity.ts';
export type { ClientRegistration } from './client/register.ts';
export type { Grant, GrantRequest } from './client/grant.ts';
export {
  protectedResource,
  type Operation,
  type OperationLayer,
  type ProtectedResource,
  type ProtectedResourceOptions,
} from './server/protected-resource.ts';
export type { Challenge, RequestHead, Verify } from './server/head.ts';
export type { Page } from './server/resource-pages.ts';
export { jwtTokens, type JwtTokensOptions } from './server/jwt-tokens.ts';
export { introspectedTokens, type IntrospectedTokensOptions } from './server/introspected-tokens.ts';
export type { TokenVerifier, VerifiedToken } from './server/token-verifier.ts';
