import type { CredentialStore } from './credential-store.ts';
import type { Fetch } from './documents.ts';
import type { Grant } from './grant.ts';

/** How a server is signed in to. */
export interface AuthOptions {
  /** How access is obtained: `authorizationCode`, `clientCredentials`, `enterpriseManaged` or `workloadIdentity`. */
  readonly grant: Grant;
  /** The server; the address of the first request unless given. Requests to other origins carry no token. */
  readonly server?: string | URL;
  /** Where tokens and registrations are kept; in memory unless given. */
  readonly store?: CredentialStore;
  /** Reaches authorization servers and metadata, in place of the `fetch` that is wrapped. */
  readonly metadataFetch?: Fetch;
  /** Lets a server name addresses in private networks and on this machine, although it is neither. */
  readonly allowPrivate?: boolean;
  /** Binds tokens to a key that never leaves this program: `true` for a key of its own, or the keys to use. */
  readonly dpop?: boolean | CryptoKeyPair;
  /** Milliseconds that a sign-in may take; ten minutes unless given, and no longer. */
  readonly signInTimeout?: number;
  /** Ends sign-ins that are under way. */
  readonly signal?: AbortSignal;
  /** Where the time comes from, in milliseconds since 1970. */
  readonly now?: () => number;
}
