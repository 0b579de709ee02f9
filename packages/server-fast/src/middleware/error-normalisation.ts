import { isRemoteError } from '@trunkline/protocol';
import { isSessionError, Suspended } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';
import { isToolError } from '../tool-error.ts';

/** What becomes of what handlers throw. */
export interface ErrorNormalisationOptions {
  /** Hears of each unknown error first. */
  readonly report?: (error: unknown, call: Call) => void;
  /** The error in its stead: a `ToolError` for the model, a `RemoteError` for the client; `undefined` leaves it masked. */
  readonly translate: (error: unknown, call: Call) => Error | undefined;
}

/** Turns what handlers throw into errors that callers may see. What is one already is passed on. */
export function errorNormalisation({ report, translate }: ErrorNormalisationOptions): Middleware {
  return async (call, next) => {
    try {
      return await next();
    } catch (error) {
      const known = isToolError(error) || isRemoteError(error) || isSessionError(error);
      if (known || error instanceof Suspended) throw error;
      report?.(error, call);
      throw translate(error, call) ?? error;
    }
  };
}
