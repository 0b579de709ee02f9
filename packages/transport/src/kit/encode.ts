import type { JsonRpcMessage } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { EncodedResponse } from '../transport.ts';

/**
 * The text of a message on one line; a result that is encoded already is taken over as it is. Throws `misuse` for what
 * JSON cannot carry: a BigInt, a cycle, nesting beyond the engine's stack.
 */
export function encodeMessage(message: JsonRpcMessage | EncodedResponse): string {
  try {
    if ('jsonrpc' in message) return JSON.stringify(message);
    return `{"jsonrpc":"2.0","id":${JSON.stringify(message.id)},"result":${onOneLine(message.json)}}`;
  } catch (cause) {
    throw new TransportError('misuse', 'the message cannot be written as JSON', {
      cause,
      delivery: 'not-sent',
    });
  }
}

/** Between the tokens of JSON a newline is a blank, and inside a string it is always escaped. */
function onOneLine(json: string): string {
  return json.includes('\n') ? json.replaceAll('\n', ' ') : json;
}
