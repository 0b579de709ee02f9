import { isRequestId, type JsonRpcErrorResponse } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';

/** The JSON-RPC codes that a server answers unusable input with. */
export type RefusalCode = keyof typeof TITLES;

/** The error for input that no JSON text can be made of. */
export function unparsable(reason: string, cause: unknown): TransportError {
  return new TransportError('malformed', reason, { cause, answer: errorAnswer(-32700, reason) });
}

/** The answer to unusable input. Echoes the id if it is a valid one. */
export function errorAnswer(code: RefusalCode, reason: string, id?: unknown): JsonRpcErrorResponse {
  const error = { code, message: `${TITLES[code]}: ${reason}` };
  return isRequestId(id) ? { jsonrpc: '2.0', id, error } : { jsonrpc: '2.0', error };
}

const TITLES = {
  [-32700]: 'Parse error',
  [-32600]: 'Invalid Request',
  [-32602]: 'Invalid params',
} as const;
