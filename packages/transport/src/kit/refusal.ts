import { ErrorCode, isRequestId, type JsonRpcErrorResponse } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';

/** The codes that unusable input is answered with. */
export type RefusalCode =
  | typeof ErrorCode.ParseError
  | typeof ErrorCode.InvalidRequest
  | typeof ErrorCode.InvalidParams;

/** The error for input that no JSON value can be made of. */
export function unparsable(reason: string, cause: unknown): TransportError {
  return new TransportError('malformed', reason, {
    cause,
    answer: errorAnswer(ErrorCode.ParseError, reason),
  });
}

/** The answer to unusable input. Echoes the id if it is a valid one. */
export function errorAnswer(code: RefusalCode, reason: string, id?: unknown): JsonRpcErrorResponse {
  const error = { code, message: `${TITLES[code]}: ${reason}` };
  return isRequestId(id) ? { jsonrpc: '2.0', id, error } : { jsonrpc: '2.0', error };
}

const TITLES: Readonly<Record<RefusalCode, string>> = {
  [ErrorCode.ParseError]: 'Parse error',
  [ErrorCode.InvalidRequest]: 'Invalid Request',
  [ErrorCode.InvalidParams]: 'Invalid params',
};
