const GUARD_MS = 2000;

/** The same promise behind a guard: what does not settle within 2 s fails, saying what was waited for. */
export async function within<Value>(work: Promise<Value>, what: () => string): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const guard = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${GUARD_MS} ms: ${what()}`)), GUARD_MS);
  });
  try {
    return await Promise.race([work, guard]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lets everything run that is ready to: all microtasks, and one turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The error that a promise rejects with; fails if it resolves, or does not settle within 2 s. */
export async function rejection(work: Promise<unknown>, what: string): Promise<unknown> {
  const outcome = await within(
    work.then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    ),
    () => `${what} to reject`,
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`${what} resolved with ${JSON.stringify(outcome.value)} instead of rejecting`);
}
