import type { Reply } from './entry.ts';

/** The metadata that makes a request a modern one, as it is written in an input. */
export const META =
  '"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}';

/** The text of a request with the id 1 and modern metadata. */
export function modern(method: string, params = ''): string {
  const more = params === '' ? '' : `${params},`;
  return `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{${more}${META}}}`;
}

/** The bytes that pairs of hexadecimal digits stand for. */
export function hex(digits: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** What is no JSON. */
export const UNPARSABLE: Reply = { error: -32700, id: null };

/** What is no message, or none that may be sent, and has no id to answer to. */
export const INVALID: Reply = { error: -32600, id: null };

/** The error answer to a request with the id 1. */
export function refused(error: number, data?: object): Reply {
  return data ? { error, id: 1, data } : { error, id: 1 };
}

/** The answer to a request with the id 1. */
export function answered(result: object = {}): Reply {
  return { result, id: 1 };
}
