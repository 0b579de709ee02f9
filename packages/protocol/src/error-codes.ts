import type { ClientCapabilities } from './capabilities.ts';
import type { JsonValue } from './json.ts';
import { RemoteError } from './remote-error.ts';

/**
 * The error codes of the protocol, of every revision, and the one that Trunkline adds. `ERROR_CODES` says which revision
 * knows which; the codecs put another in place of a code that the peer's revision does not know.
 */
export const ErrorCode = {
  ParseError: -32700,
  InvalidRequest: -32600,
  MethodNotFound: -32601,
  InvalidParams: -32602,
  InternalError: -32603,
  /** A request header is missing, unreadable or differs from the body. */
  HeaderMismatch: -32020,
  MissingRequiredClientCapability: -32021,
  UnsupportedProtocolVersion: -32022,
  /** Of the legacy era; {@link resourceNotFound} uses it on both, and the modern codec writes `InvalidParams`. */
  ResourceNotFound: -32002,
  /** Of 2025-11-25 only. */
  UrlElicitationRequired: -32042,
  /** Ours, outside the range that JSON-RPC reserves: as much is being served as can be; try again later. */
  ServerBusy: 429,
} as const;

/** Answers a request for a revision that is not spoken. */
export function unsupportedProtocolVersion(requested: string, supported: readonly string[]): RemoteError {
  const reason = `Unsupported protocol version ${JSON.stringify(requested)}; supported: ${supported.join(', ')}`;
  return new RemoteError(ErrorCode.UnsupportedProtocolVersion, reason, {
    supported: [...supported],
    requested,
  });
}

/** Answers a request that cannot be served unless the client declares these capabilities. */
export function missingRequiredClientCapability(required: ClientCapabilities): RemoteError {
  const reason = `The client must declare the capability ${Object.keys(required).join(', ')}`;
  return new RemoteError(ErrorCode.MissingRequiredClientCapability, reason, {
    requiredCapabilities: required,
  });
}

/** Answers a request for a resource that does not exist; each codec writes the code of its revision. */
export function resourceNotFound(uri: string): RemoteError {
  return new RemoteError(ErrorCode.ResourceNotFound, 'Resource not found', { uri });
}

/** Answers a request for a method that is unknown, or not offered to this peer. */
export function methodNotFound(method: string): RemoteError {
  return new RemoteError(ErrorCode.MethodNotFound, `Method not found: ${method}`);
}

/** Answers a request whose params are wrong, also one for an unknown tool or prompt. */
export function invalidParams(reason: string, data?: JsonValue): RemoteError {
  return new RemoteError(ErrorCode.InvalidParams, reason, data);
}
