interface Waiting {
  readonly waiters: Set<() => void>;
  readonly hear: () => void;
}

const WAITING = new WeakMap<AbortSignal, Waiting>();

/**
 * Runs `run` once, when the signal is aborted or at once if it is, unless the returned function is called before. However
 * many wait for a signal, it carries one listener, because some platforms warn of more than ten; and none where nobody
 * waits. `run` must not throw.
 */
export function onAbort(signal: AbortSignal, run: () => void): () => void {
  if (signal.aborted) {
    run();
    return () => {};
  }
  const { waiters, hear } = WAITING.get(signal) ?? listenTo(signal);
  // A function of its own, so that one `run` may wait twice.
  const waiter = (): void => run();
  waiters.add(waiter);
  return () => {
    if (!waiters.delete(waiter) || waiters.size > 0) return;
    signal.removeEventListener('abort', hear);
    WAITING.delete(signal);
  };
}

/** Resolves when the first of the signals is aborted, and then waits for the others no more. */
export function aborted(...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) return resolve();
    const forget = signals.map((signal) => onAbort(signal, done));
    function done(): void {
      for (const forgetOne of forget) forgetOne();
      resolve();
    }
  });
}

/** The outcome of some work, or the signal's reason as soon as it is aborted; the work goes on alone then. */
export function untilAborted<Value>(work: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => reject(signal.reason as Error));
    work.then(resolve, reject).finally(forget);
  });
}

function listenTo(signal: AbortSignal): Waiting {
  const waiters = new Set<() => void>();
  const hear = (): void => {
    WAITING.delete(signal);
    for (const waiter of waiters) waiter();
  };
  const waiting = { waiters, hear };
  WAITING.set(signal, waiting);
  signal.addEventListener('abort', hear, { once: true });
  return waiting;
}
