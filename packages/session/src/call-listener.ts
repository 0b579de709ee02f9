import { isThenable } from './thenable.ts';

/** Calls a function of the user's that only listens: what it throws, now or later, goes to `onError` and nowhere else. */
export function callListener(listener: () => unknown, onError?: (error: unknown) => unknown): void {
  // Of what the last one throws nobody is left to hear.
  const failed = (error: unknown): void => onError && callListener(() => onError(error));
  try {
    const outcome = listener();
    if (isThenable(outcome)) Promise.resolve(outcome).catch(failed);
  } catch (error) {
    failed(error);
  }
}
