/** How a client opens a lost link anew on its own. Times in milliseconds. */
export interface ReconnectOptions {
  /** Below which the pause before the first attempt is drawn; the bound doubles with each attempt that fails. 500 unless given. */
  readonly firstDelay?: number | undefined;
  /** Bound that no pause exceeds. 30,000 unless given. */
  readonly maxDelay?: number | undefined;
  /** Attempts that may fail one after the other; then the client waits for its next call. 10 unless given. */
  readonly attempts?: number | undefined;
  /** Draws a number from 0 up to 1. `Math.random` unless given. */
  readonly random?: (() => number) | undefined;
}

/** The pause before another attempt, drawn so that many clients of one server do not come back at once. */
export function pauseAfter(failures: number, options: ReconnectOptions): number {
  const { firstDelay = 500, maxDelay = 30_000, random = Math.random } = options;
  return random() * Math.min(maxDelay, firstDelay * 2 ** failures);
}

/** Attempts after which a client gives up until it is called. */
export function attemptsOf({ attempts = 10 }: ReconnectOptions): number {
  return attempts;
}
