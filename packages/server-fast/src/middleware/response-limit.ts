import { ErrorCode, RemoteError } from '@trunkline/protocol';
import type { Middleware } from '../call.ts';
import { textContent } from '../content.ts';

/** How long results may be. */
export interface ResponseLimitOptions {
  /** Most bytes of a result as JSON. 1 MiB unless given. */
  readonly maxBytes?: number;
}

const MIB = 1024 * 1024;

/** Keeps results within a size: the model is told when that of a tool is longer, other calls fail. */
export function responseLimit({ maxBytes = MIB }: ResponseLimitOptions = {}): Middleware {
  return async ({ kind, name }, next) => {
    const result = await next();
    const bytes = new TextEncoder().encode(JSON.stringify(result)).length;
    if (bytes <= maxBytes) return result;
    const text = `The result of ${name} has ${bytes} bytes, more than ${maxBytes}; ask for less.`;
    if (kind === 'tool') return { content: [textContent(text)], isError: true };
    throw new RemoteError(ErrorCode.InternalError, text);
  };
}
