import { ErrorCode, RemoteError } from '@trunkline/protocol';
import { principalOf, systemClock, type Clock } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';

/** How many calls a principal may make. */
export interface RateLimitOptions {
  /** Calls a second, in the long run. */
  readonly perSecond: number;
  /** Calls at once after a pause. Twice `perSecond`, but at least one, unless given. */
  readonly burst?: number;
  /** Who shares a limit. The principal unless given; callers nobody verified share one for each link. */
  readonly keyOf?: (call: Call) => string | object;
  readonly clock?: Clock;
}

interface Bucket {
  tokens: number;
  filledAt: number;
}

const MAX_BUCKETS = 10_000;

/** Refuses calls beyond a rate with the code of a busy server, and says when to try again. */
export function rateLimit({
  perSecond,
  keyOf = callerOf,
  clock = systemClock,
  ...options
}: RateLimitOptions): Middleware {
  const burst = options.burst ?? Math.max(1, perSecond * 2);
  const buckets = new Map<string | object, Bucket>();
  return (call, next) => {
    const key = keyOf(call);
    const now = clock.now();
    const { tokens, filledAt } = buckets.get(key) ?? { tokens: burst, filledAt: now };
    const filled = Math.min(burst, tokens + ((now - filledAt) / 1000) * perSecond);
    buckets.delete(key);
    // The one that was not used for longest has the fullest bucket, so forgetting it gives the least away.
    if (buckets.size >= MAX_BUCKETS) buckets.delete(buckets.keys().next().value ?? '');
    buckets.set(key, { tokens: filled < 1 ? filled : filled - 1, filledAt: now });
    if (filled >= 1) return next();
    const retryAfterMs = Math.ceil(((1 - filled) / perSecond) * 1000);
    throw new RemoteError(ErrorCode.ServerBusy, `Too many calls; try again in ${retryAfterMs} ms`, {
      retryAfterMs,
    });
  };
}

const NOBODY = {};

function callerOf({ context }: Call): string | object {
  const principal = principalOf(context.auth);
  return principal === '' ? (context.session ?? NOBODY) : principal;
}
