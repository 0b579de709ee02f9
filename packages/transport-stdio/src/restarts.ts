import { isTransportError, TransportError, type TransportClosed } from '@trunkline/transport';
import type { RestartPolicy } from './parameters.ts';

/** Remembers how often a server ended by itself, for all links of one dial. */
export interface Restarts {
  /** Resolves when the server may be started. Rejects with `exited` once it is given up, with the signal's reason on abort. */
  readonly turn: (signal: AbortSignal) => Promise<void>;
  /** Takes note of how a link ended. */
  readonly note: (closed: TransportClosed) => void;
}

/** Applies a policy. A server that is given up may be started again when its ends are old enough. */
export function restarts(policy: RestartPolicy): Restarts {
  const { firstDelayMs = 500, maxDelayMs = 30_000, maxRestarts = 5, windowMs = 300_000 } = policy;
  let ends: number[] = [];
  let last: Error | undefined;
  return {
    async turn(signal) {
      const since = performance.now() - windowMs;
      ends = ends.filter((at) => at > since);
      if (ends.length === 0) return;
      if (ends.length > maxRestarts) {
        const reason = `the server ended ${ends.length} times within ${windowMs / 1000} s and is given up for now; its last end is the cause`;
        throw new TransportError('exited', reason, {
          delivery: 'not-sent',
          ...(last ? { cause: last } : {}),
        });
      }
      await delay(Math.min(firstDelayMs * 2 ** (ends.length - 1), maxDelayMs), signal);
    },
    note({ by, cause }) {
      if (by !== 'remote' && !isSpawnFailure(cause)) return;
      ends.push(performance.now());
      last = cause;
    },
  };
}

function isSpawnFailure(cause: Error | undefined): boolean {
  return isTransportError(cause) && cause.code === 'spawn-failed';
}

function delay(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
