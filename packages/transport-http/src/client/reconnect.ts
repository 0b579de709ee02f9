import type { ReconnectOptions } from './options.ts';

const LOWEST_RETRY = 100;
const HIGHEST_RETRY = 3_600_000;

/** Says how long to wait before the next attempt at a stream, and when to give up. */
export interface Reconnect {
  /** Milliseconds to wait, or `undefined` if there were attempts enough. A wait that the server asked for is no failure. */
  next(): number | undefined;
  /** Something useful came: the next break starts anew. */
  succeeded(): void;
  /** The server asks for this wait before the next attempt. */
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
  return {
    next() {
      if (failures >= attempts) return undefined;
      const bound = Math.min(maxDelay, initialDelay * 2 ** failures);
      failures += 1;
      return floor > 0 ? floor + (failures > 1 ? random() * bound : 0) : random() * bound;
    },
    succeeded() {
      failures = 0;
    },
    retryAfter(milliseconds) {
      floor = Math.min(HIGHEST_RETRY, Math.max(LOWEST_RETRY, milliseconds));
    },
  };
}

/** Resolves after a while; rejects with the signal's reason. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
