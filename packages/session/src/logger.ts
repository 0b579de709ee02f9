import { callListener } from './call-listener.ts';

/** Where a session reports what nobody awaits. Silent unless given; nothing is ever written to stdout. */
export interface Logger {
  debug(message: string, data?: unknown): void;
  warn(message: string, data?: unknown): void;
  error(message: string, data?: unknown): void;
}

/** Says nothing. */
export const silent: Logger = { debug: () => {}, warn: () => {}, error: () => {} };

/** The same logger; what it throws comes back to nobody. */
export function harmless(logger: Logger): Logger {
  return {
    debug: (message, data) => callListener(() => logger.debug(message, data)),
    warn: (message, data) => callListener(() => logger.warn(message, data)),
    error: (message, data) => callListener(() => logger.error(message, data)),
  };
}
