import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  generateKeyPair,
  protectedResourceRequest,
  WWWAuthenticateChallengeError,
  type DPoPHandle,
  type ProtectedResourceRequestBody,
} from 'oauth4webapi';
import { AuthError, isAuthError } from '../auth-error.ts';
import { addressPolicy, type AddressPolicy } from './addresses.ts';
import type { AuthChallenge } from './challenge.ts';
import { keyOf, memoryCredentials, readRecord, type CredentialStore } from './credential-store.ts';
import { discover, type Discovery } from './discover.ts';
import { documentFetch, type Fetch } from './documents.ts';
import { Flights } from './flights.ts';
import type { Grant, GrantRequest } from './grant.ts';
import type { AuthOptions } from './options.ts';
import { findServerMetadata } from './server-metadata.ts';
import { isExpiring, parseTokens, type Tokens } from './tokens.ts';

const SIGN_IN_TIMEOUT = 600_000;
/** What is known where no server was asked. */
const UNASKED: AuthChallenge = { wantsNonce: false };

/** New tokens, and whether they were obtained afresh rather than for a refresh token or by somebody else. */
export interface Renewal {
  readonly tokens: Tokens;
  readonly fresh: boolean;
}

/** What this program may do at one server: finds, obtains, refreshes and presents tokens, each once at a time. */
export class Account {
  readonly server: URL;
  readonly #grant: Grant;
  readonly #store: CredentialStore;
  readonly #documents: Fetch;
  readonly #policy: AddressPolicy;
  readonly #options: AuthOptions;
  readonly #flights = new Flights<Renewal>();
  readonly #tried = new Set<string>();
  readonly #now: () => number;
  #tokens: Tokens | undefined;
  #loaded = false;
  #discovery: Discovery | undefined;
  #dpop: Promise<DPoPHandle> | undefined;

  constructor(server: URL, fetch: Fetch, options: AuthOptions) {
    this.server = new URL(server);
    this.server.hash = '';
    this.#grant = options.grant;
    this.#store = options.store ?? memoryCredentials();
    this.#policy = addressPolicy(this.server, options.allowPrivate);
    this.#documents = documentFetch(options.metadataFetch ?? fetch, this.#policy);
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** The tokens to send, refreshed if they are about to expire. */
  async current(): Promise<Tokens | undefined> {
    const held = await this.#held();
    if (!held || !isExpiring(held, this.#now())) return held;
    if (held.refreshToken === undefined && this.#grant.offline) return held;
    try {
      const { tokens } = await this.#flights.run(held.accessToken, () => this.#renew(held, undefined, true));
      return tokens;
    } catch (error) {
      // They are good for a moment yet, or the server will say that they are not.
      if (isAuthError(error)) return held;
      throw error;
    }
  }

  /** Other tokens than those that the server refused. */
  renew(refused: Tokens | undefined, challenge: AuthChallenge, mayRefresh: boolean): Promise<Renewal> {
    return this.#flights.run(refused?.accessToken ?? '', async () => {
      const held = await this.#held();
      if (held && held.accessToken !== refused?.accessToken) return { tokens: held, fresh: false };
      return this.#renew(held, challenge, mayRefresh);
    });
  }

  /** Tokens for what `held` does not suffice for. Rejects with `insufficient-scope` if that was asked for before. */
  stepUp(held: Tokens, { scopes = [], ...challenge }: AuthChallenge): Promise<Renewal> {
    const union = [...new Set([...held.requested, ...scopes])];
    const wanted = union.toSorted().join(' ');
    return this.#flights.run(`${held.accessToken} ${wanted}`, async () => {
      const current = await this.#held();
      if (
        current &&
        current.accessToken !== held.accessToken &&
        scopes.every((scope) => current.granted.includes(scope))
      )
        return { tokens: current, fresh: false };
      if (scopes.every((scope) => held.granted.includes(scope)) || this.#tried.has(wanted))
        throw insufficient(this.server, scopes);
      if (this.#tried.size < 100) this.#tried.add(wanted);
      return this.#obtain({ ...challenge, scopes: union }, held);
    });
  }

  /** Sends a request with tokens, if there are some. */
  async present(fetch: Fetch, tokens: Tokens | undefined, url: string, init: RequestInit): Promise<Response> {
    if (!tokens) return fetch(url, init);
    if (tokens.tokenType === 'bearer') {
      const headers = new Headers(init.headers);
      headers.set('authorization', `Bearer ${tokens.accessToken}`);
      return fetch(url, { ...init, headers: Object.fromEntries(headers) });
    }
    try {
      return await protectedResourceRequest(
        tokens.accessToken,
        init.method ?? 'GET',
        new URL(url),
        new Headers(init.headers),
        init.body as ProtectedResourceRequestBody,
        {
          DPoP: await this.#proofs(),
          [allowInsecureRequests]: true,
          [customFetch]: (_, { headers }) => fetch(url, { ...init, headers }),
        },
      );
    } catch (error) {
      if (error instanceof WWWAuthenticateChallengeError) return error.response;
      throw error;
    }
  }

  /** Signs in before the server asks. */
  async signIn(): Promise<void> {
    if (!(await this.current())) await this.renew(undefined, UNASKED, true);
  }

  /** Takes tokens that a sign-in outside of this account obtained, or forgets them. */
  async keep(tokens: Tokens | undefined): Promise<void> {
    this.#tokens = tokens;
    this.#loaded = true;
    if (tokens) await this.#store.set(this.#key, JSON.stringify(tokens));
    else await this.#store.delete(this.#key);
  }

  /** What a grant is asked with. */
  async request(discovery: Discovery, scopes: readonly string[]): Promise<GrantRequest> {
    const { signInTimeout = SIGN_IN_TIMEOUT, dpop, signal: ended } = this.#options;
    const limit = AbortSignal.timeout(Math.min(signInTimeout, SIGN_IN_TIMEOUT));
    const signal = ended ? AbortSignal.any([limit, ended]) : limit;
    return {
      server: this.server.href,
      discovery,
      scopes,
      store: this.#store,
      http: {
        [customFetch]: this.#documents,
        [allowInsecureRequests]: true,
        signal,
        ...(dpop && { DPoP: await this.#proofs() }),
      },
      fetch: this.#documents,
      policy: this.#policy,
      signal,
      now: this.#now,
    };
  }

  /** The authorization server that a recorded issuer names. */
  async discoveryOf(issuer: string, resource: string | undefined): Promise<Discovery> {
    const known = this.#discovery;
    if (known?.as.issuer === issuer && known.resource === resource) return known;
    const as = await findServerMetadata(this.#documents, this.#policy, issuer, this.#options.signal);
    return { as, ...(resource !== undefined && { resource }) };
  }

  get #key(): string {
    return keyOf('tokens', this.server.href, this.#grant.id);
  }

  async #held(): Promise<Tokens | undefined> {
    if (!this.#loaded) {
      this.#tokens = parseTokens(await readRecord(this.#store, this.#key));
      this.#loaded = true;
    }
    return this.#tokens;
  }

  async #renew(
    held: Tokens | undefined,
    challenge: AuthChallenge | undefined,
    mayRefresh: boolean,
  ): Promise<Renewal> {
    const refreshable = mayRefresh && held?.refreshToken !== undefined && this.#grant.refresh !== undefined;
    if (!refreshable) return this.#obtain(challenge ?? UNASKED, held);
    // Without a challenge nothing suggests that the server changed, and the recorded issuer is asked.
    const discovery = challenge
      ? await this.#discover(challenge, held.issuer)
      : await this.discoveryOf(held.issuer, held.resource);
    const refreshed = discovery.as.issuer === held.issuer && (await this.#refresh(held, discovery));
    return refreshed || this.#obtain(challenge ?? UNASKED, held, challenge && discovery);
  }

  /** Refreshed tokens, or those that another process has put in their place; `undefined` if the refresh token is spent. */
  async #refresh(held: Tokens, discovery: Discovery): Promise<Renewal | undefined> {
    const alone = (task: () => Promise<Renewal | undefined>): Promise<Renewal | undefined> =>
      this.#store.lock ? this.#store.lock(this.#key, task) : task();
    return alone(async () => {
      const stored = parseTokens(await readRecord(this.#store, this.#key));
      if (stored && stored.accessToken !== held.accessToken) {
        this.#tokens = stored;
        return { tokens: stored, fresh: false };
      }
      try {
        const tokens = await this.#grant.refresh?.(held, await this.request(discovery, held.requested));
        if (!tokens) return undefined;
        await this.keep(tokens);
        return { tokens, fresh: false };
      } catch (error) {
        if (!isAuthError(error) || (error.reason === undefined && error.code !== 'bound-elsewhere'))
          throw error;
        return undefined;
      }
    });
  }

  async #obtain(challenge: AuthChallenge, held?: Tokens, found?: Discovery): Promise<Renewal> {
    const discovery = found ?? (await this.#discover(challenge, held?.issuer));
    const tokens = await this.#ask(
      await this.request(discovery, this.#scopesFor(discovery, challenge, held)),
    );
    await this.keep(tokens);
    return { tokens, fresh: true };
  }

  async #discover(challenge: AuthChallenge, known: string | undefined): Promise<Discovery> {
    const { signal } = this.#options;
    this.#discovery = await discover({
      server: this.server,
      fetch: this.#documents,
      policy: this.#policy,
      challenge,
      ...(signal && { signal }),
      prefer: this.#grant.issuer ?? known,
    });
    return this.#discovery;
  }

  /** https://modelcontextprotocol.io/specification/2026-07-28/basic/authorization#scope-selection-strategy */
  #scopesFor(
    { as, scopes }: Discovery,
    challenge: AuthChallenge,
    held: Tokens | undefined,
  ): readonly string[] {
    const asked = challenge.scopes ?? this.#grant.scopes ?? scopes ?? [];
    const before = held?.issuer === as.issuer ? held.requested : [];
    const offline = this.#grant.offline && as.scopes_supported?.includes('offline_access');
    return [...new Set([...before, ...asked, ...(offline ? ['offline_access'] : [])])];
  }

  async #ask(request: GrantRequest): Promise<Tokens> {
    try {
      return await this.#grant.obtain(request);
    } catch (error) {
      if (isAuthError(error)) throw error;
      if (this.#options.signal?.aborted) throw this.#options.signal.reason;
      if (request.signal.aborted)
        throw new AuthError('expired', `nobody completed the sign-in to ${this.server.host} in time`);
      throw new AuthError('denied', `the sign-in to ${this.server.host} failed`, { cause: error });
    }
  }

  #proofs(): Promise<DPoPHandle> {
    const { dpop } = this.#options;
    this.#dpop ??= (async () => DPoP({}, typeof dpop === 'object' ? dpop : await generateKeyPair('ES256')))();
    return this.#dpop;
  }
}

function insufficient(server: URL, scopes: readonly string[]): AuthError {
  return new AuthError(
    'insufficient-scope',
    `${server.host} asks for ${scopes.join(' ') || 'more'}, which was asked for and did not suffice`,
    { status: 403 },
  );
}
