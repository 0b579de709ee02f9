import type { Store } from '@trunkline/store';
import type { Fetch } from '../client/documents.ts';

/** Somebody who is signed in. */
export interface User {
  readonly subject: string;
}

/** A client that was registered by hand. */
export interface KnownClient {
  readonly clientId: string;
  readonly clientName?: string;
  readonly redirectUris: readonly string[];
  /** Absent for a public client. */
  readonly clientSecret?: string;
}

/** A server that may ask what a token is worth. */
export interface ResourceServer {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The resource whose tokens it may ask about. */
  readonly resource: string;
}

/** What authorization servers of both kinds are made with. */
export interface IssuerOptions {
  /** Its identifier: https, or http on this machine. Routes are below its path. */
  readonly issuer: string;
  /** Where registrations, codes and tokens are kept; secrets only as hashes. */
  readonly store: Store;
  /** The servers that tokens may be made for. */
  readonly resources: readonly string[];
  /** Scopes that may be asked for. */
  readonly scopes?: readonly string[];
  readonly clients?: readonly KnownClient[];
  /** Whether clients may register themselves; true unless given. */
  readonly registration?: boolean;
  /** Whether the address of a metadata document is a client id; true unless given. */
  readonly metadataDocuments?: boolean;
  readonly resourceServers?: readonly ResourceServer[];
  /** Reaches metadata documents; on Node give `publicFetch()`, which looks at addresses and not only at names. */
  readonly fetch?: Fetch;
  /** Lets metadata documents be in private networks. */
  readonly allowPrivate?: boolean;
  /** `always-dangerous` agrees to everything in the user's place: for tests alone. */
  readonly consent?: 'ask' | 'always-dangerous';
  /** Seconds that an access token holds; 600 unless given. */
  readonly accessTokenLifetime?: number;
  /** Seconds that a refresh token may wait for its use; 30 days unless given. */
  readonly refreshTokenLifetime?: number;
  /** Where the time comes from, in milliseconds since 1970. */
  readonly now?: () => number;
}
