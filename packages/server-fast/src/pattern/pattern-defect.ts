import { automatonOf } from './automaton.ts';
import { isExponential } from './backtracking.ts';
import { parsePattern } from './syntax.ts';

const MAX_LENGTH = 1024;

/**
 * Says why a regular expression must not be used on what strangers send; `undefined` if it may. Refused is what does not
 * compile, what is longer than 1,024 characters, refers back to its groups, or may take exponential time.
 */
export function patternDefect(source: string): string | undefined {
  const flags = ['u', ''].find((candidate) => compiles(source, candidate));
  if (flags === undefined) return 'is no regular expression';
  if (source.length > MAX_LENGTH) return `is longer than ${MAX_LENGTH} characters`;
  const syntax = parsePattern(source);
  if (!syntax) return 'refers back to a group, so the time it takes has no bound';
  for (const part of [syntax.root, ...syntax.lookarounds]) {
    const automaton = automatonOf(part);
    if (!automaton) return 'is too large to be examined';
    if (isExponential(automaton, flags))
      return 'may take exponential time, because it can read the same text in many ways';
  }
  return undefined;
}

function compiles(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}
