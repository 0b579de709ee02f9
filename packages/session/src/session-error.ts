import { isMcpError, McpError, type ClientCapabilities, type Delivery } from '@trunkline/protocol';

/**
 * What went wrong in a session: `timed-out` (no answer in time), `link-lost` (the link ended first), `overloaded` (too many
 * calls are open), `no-common-revision` (the peers speak no revision in common), `capability-missing` (the peer did not
 * declare what is needed), `too-many-rounds` (the server kept asking), `misuse` (a mistake in the calling program).
 */
export type SessionErrorCode =
  | 'timed-out'
  | 'link-lost'
  | 'overloaded'
  | 'no-common-revision'
  | 'capability-missing'
  | 'too-many-rounds'
  | 'misuse';

/** What may accompany a {@link SessionError}. */
export interface SessionErrorOptions extends ErrorOptions {
  /** Whether the call may have been carried out; `not-sent` unless said. */
  readonly delivery?: Delivery;
  /** The client capabilities whose lack is the reason. */
  readonly required?: ClientCapabilities;
}

/** A call could not be completed on this side. `code` says why, `delivery` whether it may have been carried out. */
export class SessionError extends McpError {
  override readonly code: SessionErrorCode;
  readonly delivery: Delivery;
  readonly required?: ClientCapabilities;

  constructor(code: SessionErrorCode, reason: string, options: SessionErrorOptions = {}) {
    super('SessionError', `${code}: ${reason}`, options);
    this.code = code;
    this.delivery = options.delivery ?? 'not-sent';
    if (options.required) this.required = options.required;
  }
}

/** Tells whether a value is a {@link SessionError}, also one made by another copy of this package. */
export function isSessionError(value: unknown): value is SessionError {
  return isMcpError(value, 'SessionError');
}
