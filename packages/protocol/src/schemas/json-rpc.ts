import type {
  JsonRpcError,
  JsonRpcErrorResponse,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResponse,
  JsonRpcResultResponse,
} from '../json-rpc.ts';
import { MARCH_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import { integer, json, jsonObject, listOf, literal, object, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type JsonRpcSchemas = SchemasOf<{
  Error: JsonRpcError;
  JSONRPCRequest: JsonRpcRequest;
  JSONRPCNotification: JsonRpcNotification;
  JSONRPCResultResponse: JsonRpcResultResponse;
  JSONRPCErrorResponse: JsonRpcErrorResponse;
  JSONRPCMessage: JsonRpcMessage;
}> &
  Partial<
    SchemasOf<{
      JSONRPCBatchRequest: (JsonRpcRequest | JsonRpcNotification)[];
      JSONRPCBatchResponse: JsonRpcResponse[];
    }>
  >;

/** The frame of every message, whatever its method. A message is one; batches of them are types of their own. */
export function jsonRpcSchemas({ types, since, only }: Common): JsonRpcSchemas {
  const { RequestId, RequestParams, NotificationParams, Result } = types;
  const jsonrpc = literal('2.0');
  // Until 2025-06-18 the frame itself says what `_meta` is.
  const params = since(NOVEMBER_2025, optional(jsonObject));
  const error: Schema<JsonRpcError> = object({ code: integer, message: string, data: optional(json) });
  const JSONRPCRequest: Schema<JsonRpcRequest> = object({
    jsonrpc,
    id: RequestId,
    method: string,
    params: params ?? optional(RequestParams),
  });
  const JSONRPCNotification: Schema<JsonRpcNotification> = object({
    jsonrpc,
    method: string,
    params: params ?? optional(NotificationParams),
  });
  const JSONRPCResultResponse: Schema<JsonRpcResultResponse> = object({
    jsonrpc,
    id: RequestId,
    result: Result,
  });
  const JSONRPCErrorResponse: Schema<JsonRpcErrorResponse> = object({
    jsonrpc,
    id: since(NOVEMBER_2025, optional(RequestId)) ?? RequestId,
    error,
  });
  return {
    Error: error,
    JSONRPCRequest,
    JSONRPCNotification,
    JSONRPCResultResponse,
    JSONRPCErrorResponse,
    JSONRPCMessage: union<JsonRpcMessage>(
      JSONRPCRequest,
      JSONRPCNotification,
      JSONRPCResultResponse,
      JSONRPCErrorResponse,
    ),
    ...only(MARCH_2025, {
      JSONRPCBatchRequest: listOf(
        union<JsonRpcRequest | JsonRpcNotification>(JSONRPCRequest, JSONRPCNotification),
      ),
      JSONRPCBatchResponse: listOf(union<JsonRpcResponse>(JSONRPCResultResponse, JSONRPCErrorResponse)),
    }),
  };
}
