import { isMcpError, McpError } from './mcp-error.ts';

/**
 * How the peer broke the protocol: `unexpected-shape` (an answer lacks what its method promises), `unknown-result-type` (a
 * result says it is of a kind that nobody here knows), `unknown-id` (an answer to nothing), `not-allowed` (a message this revision forbids),
 * `pagination` (cursors that repeat or never end).
 */
export type ProtocolErrorCode =
  | 'unexpected-shape'
  | 'unknown-result-type'
  | 'unknown-id'
  | 'not-allowed'
  | 'pagination';

/** The peer broke the protocol; the call cannot be answered sensibly. */
export class ProtocolError extends McpError {
  override readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, reason: string, options?: ErrorOptions) {
    super('ProtocolError', `${code}: ${reason}`, options);
    this.code = code;
  }
}

/** Tells whether a value is a {@link ProtocolError}, also one made by another copy of this package. */
export function isProtocolError(value: unknown): value is ProtocolError {
  return isMcpError(value, 'ProtocolError');
}
