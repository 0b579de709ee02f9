import type {
  JsonRpcError,
  JsonRpcErrorResponse,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResultResponse,
} from '../json-rpc.ts';
import { NOVEMBER_2025 } from '../revision/revisions.ts';
import type { Common } from './common.ts';
import { integer, json, jsonObject, literal, object, optional, string, union } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type JsonRpcSchemas = SchemasOf<{
  Error: JsonRpcError;
  JSONRPCRequest: JsonRpcRequest;
  JSONRPCNotification: JsonRpcNotification;
  JSONRPCResultResponse: JsonRpcResultResponse;
  JSONRPCErrorResponse: JsonRpcErrorResponse;
  JSONRPCMessage: JsonRpcMessage;
}>;

/** The frame of every message, whatever its method. */
export function jsonRpcSchemas({ types: { RequestId, Result }, since }: Common): JsonRpcSchemas {
  const jsonrpc = literal('2.0');
  const params = optional(jsonObject);
  const error: Schema<JsonRpcError> = object({ code: integer, message: string, data: optional(json) });
  const JSONRPCRequest: Schema<JsonRpcRequest> = object({ jsonrpc, id: RequestId, method: string, params });
  const JSONRPCNotification: Schema<JsonRpcNotification> = object({ jsonrpc, method: string, params });
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
  };
}
