/** Where a session reports what nobody awaits. Silent unless given; nothing is ever written to stdout. */
export interface Logger {
  debug(message: string, data?: unknown): void;
  warn(message: string, data?: unknown): void;
  error(message: string, data?: unknown): void;
}

/** Says nothing. */
export const silent: Logger = { debug: () => {}, warn: () => {}, error: () => {} };
