import { isMcpError, McpError } from './mcp-error.ts';
import type { JsonRpcError } from './json-rpc.ts';
import type { JsonValue } from './json.ts';

/** What the peer answered instead of a result. Thrown by a handler, it is what the peer is answered with. */
export class RemoteError extends McpError {
  /** The JSON-RPC error code; `ErrorCode` names those of the protocol. */
  override readonly code: number;
  /** What the peer added, as it came. */
  readonly data: JsonValue | undefined;
  /** The peer's text without the prefix that {@link message} carries. */
  readonly reason: string;

  constructor(code: number, reason: string, data?: JsonValue, options?: ErrorOptions) {
    super('RemoteError', `${code}: ${reason}`, options);
    this.code = code;
    this.reason = reason;
    this.data = data;
  }

  /** The error member of a response. */
  toJSON(): JsonRpcError {
    return this.data === undefined
      ? { code: this.code, message: this.reason }
      : { code: this.code, message: this.reason, data: this.data };
  }
}

/** Tells whether a value is a {@link RemoteError}, also one made by another copy of this package. */
export function isRemoteError(value: unknown): value is RemoteError {
  return isMcpError(value, 'RemoteError');
}
