import { expect, test } from 'vitest';
import { isAtLeast, isLoggingLevel } from './levels.ts';

const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'] as const;

test('a level is at least as severe as itself and all before it', () => {
  for (const [index, level] of LEVELS.entries()) {
    const passing = LEVELS.filter((threshold) => isAtLeast(level, threshold));
    expect(passing).toEqual(LEVELS.slice(0, index + 1));
  }
});

test('nothing else is a level', () => {
  expect(LEVELS.every(isLoggingLevel)).toBe(true);
  for (const value of ['trace', 'Debug', '', 'constructor', 3, null, undefined, {}]) {
    expect(isLoggingLevel(value)).toBe(false);
  }
});
