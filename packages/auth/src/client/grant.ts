import type { CredentialStore } from './credential-store.ts';
import type { Discovery } from './discover.ts';
import type { Fetch } from './documents.ts';
import type { AddressPolicy } from './addresses.ts';
import type { TokenRequestOptions } from './token-request.ts';
import type { Tokens } from './tokens.ts';

/** A way to obtain access. */
export interface Grant {
  /** Names the client, so that several of them may share a store. */
  readonly id: string;
  /** The only authorization server that this grant may be used at, where that is settled. */
  readonly issuer?: string | undefined;
  /** Scopes to ask for where the server's challenge names none; all that the server supports unless given. */
  readonly scopes?: readonly string[] | undefined;
  /** Whether a refresh token is wanted. */
  readonly offline: boolean;
  /** Obtains tokens. Rejects with an `AuthError`. */
  obtain(request: GrantRequest): Promise<Tokens>;
  /** Obtains tokens for a refresh token. Absent where there are none. */
  refresh?(tokens: Tokens, request: GrantRequest): Promise<Tokens>;
}

/** What is asked for, where, and with what. */
export interface GrantRequest {
  /** The address of the server. */
  readonly server: string;
  readonly discovery: Discovery;
  readonly scopes: readonly string[];
  readonly store: CredentialStore;
  readonly http: TokenRequestOptions;
  readonly fetch: Fetch;
  readonly policy: AddressPolicy;
  readonly signal: AbortSignal;
  readonly now: () => number;
}
