import type { ReconnectOptions } from './options.ts';

const LOWEST_RETRY = 100;
const HIGHEST_RETRY = 3_600_000;

/** Says how long to wait before the next attempt at a stream, and when to give up. */
export interface Reconnect {
  /** Milliseconds to wait after a connection that broke, or that could not be had; `undefined` after attempts enough. */
  afterFailure(): number | undefined;
  /** Milliseconds to wait after a connection that ended in good order. Where the server asked for a wait, that is no failure. */
  afterEnd(): number | undefined;
  /** Something useful came: the next failure is the first. */
  succeeded(): void;
  /** The server asks for at least this wait before each attempt. */
  retryAfter(milliseconds: number): void;
}

/** Exponential growth with full jitter, above what the server asks for. */
export function createReconnect(
  options: ReconnectOptions = {},
  random: () => number = Math.random,
): Reconnect {
  const { initialDelay = 1_000, maxDelay = 30_000, attempts = 10 } = options;
  let failures = 0;
  let floor = 0;
  const afterFailure = (): number | undefined => {
    if (failures >= attempts) return undefined;
    const bound = Math.min(maxDelay, initialDelay * 2 ** failures);
    failures += 1;
    return floor + random() * bound;
  };
  return {
    afterFailure,
    afterEnd: () => (floor > 0 && attempts > 0 ? floor : afterFailure()),
    succeeded() {
      failures = 0;
    },
    retryAfter(milliseconds) {
      floor = Math.min(HIGHEST_RETRY, Math.max(LOWEST_RETRY, milliseconds));
    },
  };
}
