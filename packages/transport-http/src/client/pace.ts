/** Where waiting and chance come from. */
export interface Pace {
  /** Milliseconds on a clock that never goes back. */
  now(): number;
  random(): number;
  /** Resolves after a while; rejects with the signal's reason. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The platform's own. */
export const systemPace: Pace = {
  now: () => performance.now(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    signal.throwIfAborted();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wake = (): void => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, milliseconds);
      signal.addEventListener('abort', wake);
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
    signal.throwIfAborted();
  },
};
