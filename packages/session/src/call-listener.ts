import { isThenable } from './thenable.ts';

/** Calls a function of the user's that only listens: what it throws, now or later, goes to `onError` and nowhere else. */
export function callListener(listener: () => unknown, onError: (error: unknown) => void): void {
  try {
    const outcome = listener();
    if (isThenable(outcome))
      outcome.then(undefined, (error: unknown) => callListener(() => onError(error), ignore));
  } catch (error) {
    callListener(() => onError(error), ignore);
  }
}

/** Nobody is left to hear it. */
function ignore(): void {}
