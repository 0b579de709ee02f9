import {
  isMcpError,
  McpError,
  type Delivery,
  type JsonRpcErrorResponse,
  type RequestId,
} from '@trunkline/protocol';

/**
 * What went wrong on a link: `closed` (it is gone), `not-sent` (the message did not leave), `stream-ended` (the lane ended
 * before the answer), `malformed` (unreadable input), `too-large` (a limit was exceeded), `refused` (the peer turned the
 * message away), `expired` (the peer forgot the session), `resume-gap` (messages were lost for good), `exited` (the child
 * process is gone), `spawn-failed` (the child process could not be started), `connect-timeout` (nobody answered the call
 * for a connection), `tls` (no trusted connection could be made), `redirect-blocked` (the peer sent us elsewhere),
 * `overloaded` (our own queue is full), `timed-out` (the time that was given is over), `misuse` (a mistake in the calling
 * program).
 */
export type TransportErrorCode =
  | 'closed'
  | 'not-sent'
  | 'stream-ended'
  | 'malformed'
  | 'too-large'
  | 'refused'
  | 'expired'
  | 'resume-gap'
  | 'exited'
  | 'spawn-failed'
  | 'connect-timeout'
  | 'tls'
  | 'redirect-blocked'
  | 'overloaded'
  | 'timed-out'
  | 'misuse';

/** What may accompany a {@link TransportError}. */
export interface TransportErrorOptions extends ErrorOptions {
  /** Whether the message may have arrived; `unknown` unless said. */
  readonly delivery?: Delivery;
  /** What a server answers to unreadable input. */
  readonly answer?: JsonRpcErrorResponse;
  /** Our request that an unreadable answer belongs to. */
  readonly inReplyTo?: RequestId;
  /** The status that the peer's binding gave, where it has one. */
  readonly status?: number;
}

/** Something failed on a link. `code` says what, `delivery` whether the message may have arrived all the same. */
export class TransportError extends McpError {
  override readonly code: TransportErrorCode;
  readonly delivery: Delivery;
  readonly answer?: JsonRpcErrorResponse;
  readonly inReplyTo?: RequestId;
  readonly status?: number;

  constructor(code: TransportErrorCode, reason: string, options: TransportErrorOptions = {}) {
    super('TransportError', `${code}: ${reason}`, options);
    this.code = code;
    this.delivery = options.delivery ?? (code === 'not-sent' ? 'not-sent' : 'unknown');
    if (options.answer !== undefined) this.answer = options.answer;
    if (options.inReplyTo !== undefined) this.inReplyTo = options.inReplyTo;
    if (options.status !== undefined) this.status = options.status;
  }
}

/** Tells whether a value is a {@link TransportError}, also one made by another copy of this package. */
export function isTransportError(value: unknown): value is TransportError {
  return isMcpError(value, 'TransportError');
}
