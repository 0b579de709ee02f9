import type { PendingAuthorization } from '../client/authorize.ts';

/** A client as this authorization server knows it. */
export interface ClientRecord {
  readonly clientId: string;
  readonly clientName?: string;
  readonly redirectUris: readonly string[];
  /** The hash of its secret. */
  readonly secret?: string;
  /** Whether it vouches for its name with its domain. */
  readonly document: boolean;
}

/** A request that was found sound. */
export interface AuthorizationRequest {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly state?: string;
  readonly challenge: string;
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** A question that waits for its answer, and the browser that it was put to. */
export interface Ticket {
  readonly request: AuthorizationRequest;
  readonly browser: string;
  /** Who was signed in when it was put, where that is known. */
  readonly subject?: string;
}

/** A user who was sent upstream: what was asked here, and what must come back from there. */
export interface Journey {
  readonly ticket: Ticket;
  readonly pending: PendingAuthorization;
}

/** What a user granted to a client. It holds as long as its record is there. */
export interface GrantRecord {
  readonly id: string;
  readonly clientId: string;
  readonly subject: string;
  readonly resource: string;
  readonly scopes: readonly string[];
}

/** What a code stands for until it is exchanged. */
export interface CodeRecord {
  readonly grant: GrantRecord;
  readonly redirectUri: string;
  readonly challenge: string;
}

/** What an access token is worth. */
export interface AccessRecord {
  readonly grant: GrantRecord;
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** What is kept, by kind. */
export interface Records {
  readonly client: ClientRecord;
  readonly ticket: Ticket;
  readonly journey: Journey;
  readonly code: CodeRecord;
  readonly grant: GrantRecord;
  readonly access: AccessRecord;
  readonly refresh: GrantRecord;
}
