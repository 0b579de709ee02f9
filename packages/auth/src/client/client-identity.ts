import {
  ClientSecretPost,
  None,
  PrivateKeyJwt,
  type AuthorizationServer,
  type ClientAuth,
  type PrivateKey,
} from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';

/** A client that an authorization server knows already. */
export interface RegisteredClient {
  /**
   * The authorization server that it is registered at; its credentials are shown to no other. `unchecked-dangerous` shows
   * them to whichever the server names, which lets a malicious server collect them.
   */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string;
  /** Signs assertions, in place of a secret. */
  readonly privateKey?: CryptoKey | PrivateKey;
}

/** A client as it presents itself to one authorization server. */
export interface ClientIdentity {
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly privateKey?: CryptoKey | PrivateKey | undefined;
  /** The method that the registration settled. */
  readonly method?: string | undefined;
}

/** Opts out of binding credentials to an issuer. */
export const UNCHECKED = 'unchecked-dangerous';

/** Throws `bound-elsewhere` unless the client may show its credentials to this authorization server. */
export function assertBound(client: RegisteredClient, as: AuthorizationServer): void {
  if (client.issuer === as.issuer || client.issuer === UNCHECKED) return;
  throw new AuthError(
    'bound-elsewhere',
    `client ${client.clientId} is registered at ${client.issuer}, but the server now asks for ${as.issuer}`,
  );
}

/** The issuer that a server must name for this client, if that matters. */
export function boundIssuer(client: RegisteredClient | undefined): string | undefined {
  return client === undefined || client.issuer === UNCHECKED ? undefined : client.issuer;
}

/** How a client proves who it is, by what it has and what the authorization server supports. */
export function clientAuthentication(client: ClientIdentity, as: AuthorizationServer): ClientAuth {
  const { clientSecret: secret, privateKey } = client;
  if (privateKey) return PrivateKeyJwt(privateKey);
  if (secret === undefined) return None();
  switch (client.method ?? secretMethod(as.token_endpoint_auth_methods_supported)) {
    case 'none':
      return None();
    case 'client_secret_post':
      return ClientSecretPost(secret);
    default:
      return secretBasic(secret);
  }
}

/** https://www.rfc-editor.org/rfc/rfc8414#section-2: what a list that is absent means. */
function secretMethod(supported: readonly string[] = ['client_secret_basic']): string | undefined {
  return ['client_secret_basic', 'client_secret_post', 'none'].find((method) => supported.includes(method));
}

/**
 * Encodes as forms are. The library's own also escapes `-` and `.`, which authorization servers that do not decode what they
 * get, and there are many, then find in the client id. https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1
 */
function secretBasic(secret: string): ClientAuth {
  const encode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
  return (_as, { client_id: id }, _body, headers) =>
    headers.set('authorization', `Basic ${btoa(`${encode(id)}:${encode(secret)}`)}`);
}
