import type { LoggingLevel } from '@trunkline/protocol';

/** The logging levels, least severe first. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging */
const LEVELS: readonly LoggingLevel[] = [
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
];

/** Tells whether a value is the name of a logging level. */
export function isLoggingLevel(value: unknown): value is LoggingLevel {
  return LEVELS.includes(value as LoggingLevel);
}

/** Tells whether a level is as severe as a threshold or more so. */
export function isAtLeast(level: LoggingLevel, threshold: LoggingLevel): boolean {
  return LEVELS.indexOf(level) >= LEVELS.indexOf(threshold);
}
