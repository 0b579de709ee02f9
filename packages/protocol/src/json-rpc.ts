import { isJsonObject } from './json.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** Names one request among the unanswered requests of its sender. A number is a safe integer; `1` and `"1"` differ. */
export type RequestId = string | number;

/** Calls a method of the peer and waits for a response. https://modelcontextprotocol.io/specification/2026-07-28/basic */
export interface JsonRpcRequest {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly method: string;
  readonly params?: JsonObject;
}

/** Tells the peer something; never answered. */
export interface JsonRpcNotification {
  readonly jsonrpc: '2.0';
  readonly method: string;
  readonly params?: JsonObject;
}

/** Answers a request with its result. */
export interface JsonRpcResultResponse {
  readonly jsonrpc: '2.0';
  readonly id: RequestId;
  readonly result: JsonObject;
}

/** Answers a request with an error. `id` is absent only when the request's id could not be read. */
export interface JsonRpcErrorResponse {
  readonly jsonrpc: '2.0';
  readonly id?: RequestId;
  readonly error: JsonRpcError;
}

/** What a failed request is answered with. */
export interface JsonRpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}

/** The answer to a request. */
export type JsonRpcResponse = JsonRpcResultResponse | JsonRpcErrorResponse;

/** One message of the protocol. */
export type JsonRpcMessage = JsonRpcRequest | JsonRpcNotification | JsonRpcResponse;

/** Longest string accepted as a request id or progress token, in UTF-16 units. */
export const MAX_ID_LENGTH = 1024;

/** Longest method name accepted, in UTF-16 units. */
export const MAX_METHOD_LENGTH = 256;

/** Tells whether a value may name a request: a string of at most {@link MAX_ID_LENGTH} units or a safe integer. */
export function isRequestId(value: unknown): value is RequestId {
  return typeof value === 'string' ? value.length <= MAX_ID_LENGTH : Number.isSafeInteger(value);
}

/** Tells a request from the other messages. */
export function isRequest(message: JsonRpcMessage): message is JsonRpcRequest {
  return 'method' in message && 'id' in message;
}

/** Tells a notification from the other messages. */
export function isNotification(message: JsonRpcMessage): message is JsonRpcNotification {
  return 'method' in message && !('id' in message);
}

/** Tells a response, result or error, from the other messages. */
export function isResponse(message: JsonRpcMessage): message is JsonRpcResponse {
  return !('method' in message);
}

/** Tells an error response from a result response. */
export function isErrorResponse(message: JsonRpcResponse): message is JsonRpcErrorResponse {
  return 'error' in message;
}

/**
 * Says in words what keeps a parsed value from being one JSON-RPC 2.0 message, or `undefined` when nothing does.
 * Unknown members are allowed. A response with `id: null` passes, because older peers answer unreadable requests so.
 */
export function messageDefect(value: unknown): string | undefined {
  if (!isJsonObject(value)) return 'not an object';
  if (value['jsonrpc'] !== '2.0') return 'jsonrpc is not "2.0"';
  if (value['method'] === undefined) return responseDefect(value);
  if (typeof value['method'] !== 'string' || value['method'] === '') return 'method is not a name';
  if (value['method'].length > MAX_METHOD_LENGTH) return `method is longer than ${MAX_METHOD_LENGTH}`;
  if (Object.hasOwn(value, 'id') && !isRequestId(value['id']))
    return 'id is neither a short string nor a safe integer';
  if (Object.hasOwn(value, 'params') && !isJsonObject(value['params'])) return 'params is not an object';
  return undefined;
}

function responseDefect(value: JsonObject): string | undefined {
  const failed = Object.hasOwn(value, 'error');
  if (failed === Object.hasOwn(value, 'result'))
    return 'neither a method nor exactly one of result and error';
  if (!isRequestId(value['id']) && !(failed && (value['id'] ?? null) === null))
    return 'a response without a usable id';
  if (!failed) return isJsonObject(value['result']) ? undefined : 'result is not an object';
  const error = value['error'];
  if (!isJsonObject(error)) return 'error is not an object';
  if (!Number.isInteger(error['code'])) return 'error.code is not an integer';
  return typeof error['message'] === 'string' ? undefined : 'error.message is not a string';
}
