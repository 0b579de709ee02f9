import { ErrorCode, type JsonRpcMessage } from '@trunkline/protocol';
import type { EncodedResponse } from '@trunkline/transport';

/**
 * The status of a plain answer: what a handler says goes with 200, also when it is an error.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http
 */
export function statusOf(answer: JsonRpcMessage | EncodedResponse): number {
  return 'error' in answer ? (STATUS.get(answer.error.code) ?? 200) : 200;
}

const STATUS: ReadonlyMap<number, number> = /* @__PURE__ */ new Map([
  [ErrorCode.MethodNotFound, 404],
  [ErrorCode.HeaderMismatch, 400],
  [ErrorCode.MissingRequiredClientCapability, 400],
  [ErrorCode.UnsupportedProtocolVersion, 400],
  [ErrorCode.ServerBusy, 429],
]);
