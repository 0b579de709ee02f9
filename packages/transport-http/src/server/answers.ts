import { JSON_FIELDS, RETRY_SOON, type Fields, type HttpCall } from '@trunkline/http-host';
import { ErrorCode, type JsonRpcError, type RequestId } from '@trunkline/protocol';
import { TransportError } from '@trunkline/transport';

/** Answers a call with a JSON-RPC error. */
export function answerError(
  call: HttpCall,
  status: number,
  id: RequestId | undefined,
  error: JsonRpcError,
): void {
  call.reply(status, JSON_FIELDS, JSON.stringify({ jsonrpc: '2.0', ...(id !== undefined && { id }), error }));
}

/** The fields of a plain answer with this status. */
export function fieldsFor(status: number): Fields {
  return status === ErrorCode.ServerBusy ? BUSY_FIELDS : JSON_FIELDS;
}

/** The text of the error for a request that ends with its binding or its session. */
export function endedEarly(id: RequestId, reason: string): string {
  return JSON.stringify({ jsonrpc: '2.0', id, error: { code: ErrorCode.InternalError, message: reason } });
}

/** The error of what is sent when nobody listens any more. */
export function clientLeft(): TransportError {
  return new TransportError('closed', 'the client is gone');
}

/** What a send that is done at once returns. */
export const SENT: Promise<void> = /* @__PURE__ */ Promise.resolve();

const BUSY_FIELDS: Fields = { ...JSON_FIELDS, ...RETRY_SOON };
