import type { Clock } from './clock.ts';
import { onAbort } from './on-abort.ts';

/** Resolves after so many milliseconds; rejects with the signal's reason if that comes first. */
export function pause(clock: Clock, milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(milliseconds, () => {
      forget();
      resolve();
    });
    const forget = onAbort(signal, () => {
      timer.cancel();
      reject(signal.reason as Error);
    });
  });
}
