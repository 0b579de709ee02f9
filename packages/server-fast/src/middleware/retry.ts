import { isRemoteError } from '@trunkline/protocol';
import { Suspended, systemClock, type Clock } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';

/** What is tried again, and how. */
export interface RetryOptions {
  /** Attempts in all. 3 unless given. */
  readonly attempts?: number;
  /** Milliseconds before the second attempt; doubles with each. 100 unless given. */
  readonly pause?: number;
  /** Whether a call may be repeated. Reading may; of tools those that say `readOnlyHint` or `idempotentHint`. */
  readonly mayRepeat?: (call: Call, error: unknown) => boolean;
  readonly clock?: Clock;
}

/** Repeats calls whose handlers threw, where that is harmless. What was meant for the caller is passed on. */
export function retry(options: RetryOptions = {}): Middleware {
  const { attempts = 3, pause = 100, mayRepeat = isHarmless, clock = systemClock } = options;
  return async (call, next) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await next();
      } catch (error) {
        const over = attempt >= attempts || error instanceof Suspended || call.context.signal.aborted;
        if (over || isRemoteError(error) || !mayRepeat(call, error)) throw error;
        await new Promise<void>((resolve) => clock.after(pause * 2 ** (attempt - 1), resolve));
      }
    }
  };
}

function isHarmless({ kind, definition }: Call): boolean {
  if (kind !== 'tool') return true;
  const { readOnlyHint, idempotentHint } = definition.annotations ?? {};
  return readOnlyHint === true || idempotentHint === true;
}
