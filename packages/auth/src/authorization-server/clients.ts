import { generateRandomState } from 'oauth4webapi';
import { addressPolicy } from '../client/addresses.ts';
import { documentFetch, type Fetch } from '../client/documents.ts';
import { readDocument } from '../client/read-document.ts';
import { isAuthError } from '../auth-error.ts';
import { OAuthError } from './oauth-error.ts';
import type { IssuerOptions } from './options.ts';
import type { ClientRecord } from './records.ts';
import { isRedirectUri } from './redirect-uris.ts';
import { digest, type Vault } from './vault.ts';

const REGISTRATION_LIFETIME = 90 * 86_400_000;
const DOCUMENT_LIFETIME = 300_000;
const MAX_DOCUMENTS = 200;

/** Knows clients: those registered by hand, by themselves, and by a document that they publish. */
export class Clients {
  readonly #options: IssuerOptions;
  readonly #vault: Vault;
  readonly #fetch: Fetch;
  readonly #documents = new Map<string, { client: ClientRecord; until: number }>();
  readonly #now: () => number;

  constructor(options: IssuerOptions, vault: Vault) {
    const {
      issuer,
      allowPrivate,
      fetch = (url, init) => globalThis.fetch(url, init),
      now = Date.now,
    } = options;
    this.#options = options;
    this.#vault = vault;
    this.#fetch = documentFetch(fetch, addressPolicy(new URL(issuer), allowPrivate));
    this.#now = now;
  }

  async find(clientId: string): Promise<ClientRecord | undefined> {
    const known = this.#options.clients?.find((client) => client.clientId === clientId);
    if (known) {
      const { clientSecret, ...rest } = known;
      return {
        ...rest,
        document: false,
        ...(clientSecret !== undefined && { secret: await digest(clientSecret) }),
      };
    }
    if (clientId.startsWith('https://'))
      return this.#options.metadataDocuments === false ? undefined : this.#document(clientId);
    return clientId.length > 200 ? undefined : this.#vault.get('client', clientId);
  }

  /** Registers a client that asks for it. https://www.rfc-editor.org/rfc/rfc7591 */
  async register(metadata: Record<string, unknown>): Promise<Record<string, unknown>> {
    const redirectUris = redirectUrisIn(metadata);
    const name = nameIn(metadata);
    const { token_endpoint_auth_method: method = 'client_secret_basic' } = metadata;
    if (typeof method !== 'string' || !METHODS.includes(method))
      throw new OAuthError(
        'invalid_client_metadata',
        `token_endpoint_auth_method must be one of ${METHODS.join(', ')}`,
      );
    const [clientId, secret] = [generateRandomState(), generateRandomState()];
    const confidential = method !== 'none';
    const record: ClientRecord = {
      clientId,
      redirectUris,
      document: false,
      ...(name !== undefined && { clientName: name }),
      ...(confidential && { secret: await digest(secret) }),
    };
    await this.#vault.put('client', clientId, record, REGISTRATION_LIFETIME);
    const now = Math.floor(this.#now() / 1_000);
    return {
      client_id: clientId,
      client_id_issued_at: now,
      ...(confidential && {
        client_secret: secret,
        client_secret_expires_at: now + REGISTRATION_LIFETIME / 1_000,
      }),
      ...(name !== undefined && { client_name: name }),
      redirect_uris: redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      token_endpoint_auth_method: method,
    };
  }

  /** The client whose credentials a request shows. Throws `invalid_client`. */
  async authenticate(request: Request, form: URLSearchParams): Promise<ClientRecord> {
    const { id, secret } = credentialsIn(request, form);
    const client = id === undefined ? undefined : await this.find(id);
    const shown = secret === undefined ? undefined : await digest(secret);
    // Hashes are compared, so that the time it takes tells nothing about the secret.
    if (client && client.secret === shown) return client;
    throw new OAuthError('invalid_client', 'the client is unknown, or did not prove who it is', 401);
  }

  /** https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/ */
  async #document(address: string): Promise<ClientRecord | undefined> {
    const held = this.#documents.get(address);
    if (held && held.until > this.#now()) return held.client;
    if (new URL(address).pathname === '/' || address.includes('#')) return undefined;
    try {
      const init = { method: 'GET', headers: { accept: 'application/json' } };
      const document = await readDocument(await this.#fetch(address, init));
      const { token_endpoint_auth_method: method = 'none' } = document ?? {};
      if (document?.['client_id'] !== address || method !== 'none') return undefined;
      const name = nameIn(document);
      const client: ClientRecord = {
        clientId: address,
        redirectUris: redirectUrisIn(document),
        document: true,
        ...(name !== undefined && { clientName: name }),
      };
      const [oldest] = this.#documents.keys();
      if (this.#documents.size >= MAX_DOCUMENTS && oldest !== undefined) this.#documents.delete(oldest);
      this.#documents.set(address, { client, until: this.#now() + DOCUMENT_LIFETIME });
      return client;
    } catch (error) {
      if (isAuthError(error) || error instanceof OAuthError) return undefined;
      throw error;
    }
  }
}

/** How clients may prove who they are. */
export const METHODS: readonly string[] = ['none', 'client_secret_basic', 'client_secret_post'];

/** The id and the secret that a request shows, in one way. Throws `invalid_request` for two. */
export function credentialsIn(
  request: Request,
  form: URLSearchParams,
): { id: string | undefined; secret: string | undefined } {
  const basic = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const [id, secret] = [form.get('client_id') ?? undefined, form.get('client_secret') ?? undefined];
  if (basic === undefined) return { id, secret };
  if (secret !== undefined) throw new OAuthError('invalid_request', 'a client proves who it is in one way');
  try {
    const [user = '', ...rest] = atob(basic).split(':');
    const decode = (text: string): string =>
      new URLSearchParams(`=${text.replaceAll('&', '%26')}`).get('') ?? '';
    return { id: decode(user), secret: decode(rest.join(':')) };
  } catch {
    throw new OAuthError('invalid_client', 'the Authorization field cannot be read', 401);
  }
}

function redirectUrisIn({ redirect_uris: uris }: Record<string, unknown>): string[] {
  if (!Array.isArray(uris) || uris.length === 0 || uris.length > 20 || !uris.every(isRedirectUri))
    throw new OAuthError(
      'invalid_redirect_uri',
      'redirect_uris must be https, or on the machine of the user',
    );
  return uris;
}

function nameIn({ client_name: name }: Record<string, unknown>): string | undefined {
  return typeof name === 'string' ? name.slice(0, 100) : undefined;
}
