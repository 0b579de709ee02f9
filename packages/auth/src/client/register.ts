import {
  dynamicClientRegistrationRequest,
  processDynamicClientRegistrationResponse,
  type AuthorizationServer,
} from 'oauth4webapi';
import { AuthError } from '../auth-error.ts';
import { isLoopbackName } from './addresses.ts';
import { assertBound, type ClientIdentity, type RegisteredClient } from './client-identity.ts';
import { keyOf, readRecord, type CredentialStore } from './credential-store.ts';
import { oauthFailure } from './oauth-failure.ts';
import type { TokenRequestOptions } from './token-request.ts';

/** How a program makes itself known, in the order in which it is tried. */
export interface ClientRegistration {
  /** A registration made by hand. */
  readonly client?: RegisteredClient;
  /** Where this program's client ID metadata document is; used as client id where that is supported. */
  readonly clientMetadataUrl?: string;
  /** Told in a dynamic registration, such as `client_name` and `client_uri`; `false` never registers. */
  readonly clientMetadata?: Readonly<Record<string, unknown>> | false;
}

/** What a registration needs. */
export interface RegistrationContext {
  readonly as: AuthorizationServer;
  readonly store: CredentialStore;
  readonly http: TokenRequestOptions;
  readonly redirectUri: string;
  readonly now: number;
}

/**
 * The client id to use at an authorization server: registered by hand, then a client ID metadata document, then a dynamic
 * registration, which is kept under the issuer and made once. Rejects with `registration`, or `bound-elsewhere`.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization/client-registration
 */
export async function identify(
  registration: ClientRegistration,
  context: RegistrationContext,
): Promise<ClientIdentity> {
  const { client, clientMetadataUrl, clientMetadata = {} } = registration;
  const { as } = context;
  if (client) {
    assertBound(client, as);
    return client;
  }
  if (clientMetadataUrl !== undefined && as.client_id_metadata_document_supported === true)
    return { clientId: clientMetadataUrl };
  if (as.registration_endpoint === undefined || clientMetadata === false) {
    throw new AuthError(
      'registration',
      `${as.issuer} knows no way to register by itself; register there by hand and pass the result as client`,
    );
  }
  return (await recall(context)) ?? (await register(clientMetadata, context));
}

/** The client that an earlier request was made for, or `undefined` if that is no longer known. */
export async function recognize(
  { client, clientMetadataUrl }: ClientRegistration,
  { as, store }: RegistrationContext,
  clientId: string,
): Promise<ClientIdentity | undefined> {
  if (client) {
    assertBound(client, as);
    return client.clientId === clientId ? client : undefined;
  }
  return clientId === clientMetadataUrl ? { clientId } : read(store, as, clientId);
}

/** Forgets a dynamic registration that the authorization server no longer knows. */
export async function forget({ as, store }: RegistrationContext, clientId: string): Promise<void> {
  await store.delete(keyOf('client', as.issuer, clientId));
}

/** A redirect address without the port, which programs on a user's machine do not choose twice. */
export function portless(redirectUri: string): string {
  const url = new URL(redirectUri);
  if (url.protocol === 'http:') url.port = '';
  return url.href;
}

/** Throws `misuse` for what no authorization server can accept as a client id. */
export function assertMetadataUrl(address: string): void {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== 'https:' || url.pathname === '/' || address.includes('#') || url.username !== '')
    throw new AuthError('misuse', 'clientMetadataUrl must be an https address with a path');
}

/** Where it is kept which registration is used. */
function choiceKey({ as, redirectUri }: RegistrationContext): string {
  return keyOf('registration', as.issuer, portless(redirectUri));
}

/** The registration that is used, if it is for this very address: not every authorization server allows another port. */
async function recall(context: RegistrationContext): Promise<ClientIdentity | undefined> {
  const { as, store, redirectUri, now } = context;
  const clientId = await store.get(choiceKey(context));
  const record = clientId === undefined ? undefined : await read(store, as, clientId);
  if (record?.redirectUri !== redirectUri) return undefined;
  return record.expiresAt !== undefined && record.expiresAt <= now ? undefined : record;
}

interface Registered extends ClientIdentity {
  readonly redirectUri?: string;
  /** Milliseconds since 1970 after which its secret is worth nothing. */
  readonly expiresAt?: number;
}

async function read(
  store: CredentialStore,
  as: AuthorizationServer,
  clientId: string,
): Promise<Registered | undefined> {
  const record = await readRecord(store, keyOf('client', as.issuer, clientId));
  return record?.['clientId'] === clientId ? (record as unknown as Registered) : undefined;
}

async function register(
  metadata: Readonly<Record<string, unknown>>,
  context: RegistrationContext,
): Promise<ClientIdentity> {
  const { as, store, http, redirectUri } = context;
  const wanted = {
    client_name: 'Trunkline',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: wantedMethod(as),
    application_type: applicationType(redirectUri),
    ...metadata,
  };
  try {
    const { DPoP: _, ...options } = http;
    const response = await dynamicClientRegistrationRequest(as, wanted, options);
    const granted = await processDynamicClientRegistrationResponse(await tolerated(response));
    const { client_id: clientId, client_secret: clientSecret } = granted;
    const expires = granted['client_secret_expires_at'];
    const method = granted.token_endpoint_auth_method;
    const identity: Registered = {
      clientId,
      redirectUri,
      ...(typeof clientSecret === 'string' && { clientSecret }),
      ...(typeof method === 'string' && { method: usable(method, as) }),
      ...(typeof expires === 'number' && expires > 0 && { expiresAt: expires * 1_000 }),
    };
    await store.set(keyOf('client', as.issuer, clientId), JSON.stringify(identity));
    await store.set(choiceKey(context), clientId);
    return identity;
  } catch (error) {
    throw oauthFailure('registration', `${as.issuer} did not register this client`, error);
  }
}

/** A program on a user's machine keeps no secret, so it asks for none where that is allowed. */
function wantedMethod({ token_endpoint_auth_methods_supported: supported }: AuthorizationServer): string {
  const known = ['none', 'client_secret_basic', 'client_secret_post'];
  return known.find((method) => supported?.includes(method) ?? true) ?? 'none';
}

/** Some authorization servers repeat a method that they do not support. */
function usable(method: string, as: AuthorizationServer): string | undefined {
  return as.token_endpoint_auth_methods_supported?.includes(method) === false ? undefined : method;
}

function applicationType(redirectUri: string): 'native' | 'web' {
  const { protocol, hostname } = new URL(redirectUri);
  return protocol === 'https:' && !isLoopbackName(hostname) ? 'web' : 'native';
}

/** Many authorization servers answer with 200 where 201 is asked for, and leave out when a secret expires. */
async function tolerated(response: Response): Promise<Response> {
  if (!response.ok) return response;
  const { headers } = response;
  const text = await response.text();
  try {
    const body = { client_secret_expires_at: 0, ...(JSON.parse(text) as object) };
    return new Response(JSON.stringify(body), { status: 201, headers });
  } catch {
    return new Response(text, { status: 201, headers });
  }
}
