import type { Source } from './source.ts';

/** One thing a check found wrong: where, which rule, and what to do about it. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Prints findings one per line, then the count; fails the process if there are any. */
export function report(check: string, checked: string, findings: readonly Finding[]): void {
  for (const { file, line, rule, message } of findings) console.error(`${file}:${line} ${rule} ${message}`);
  if (findings.length > 0) process.exitCode = 1;
  console.log(`${check}: ${checked}, ${findings.length} found`);
}

/** What a file that is not valid TypeScript is reported as: nothing else said about it can be trusted. */
export function syntaxFinding({ file, error }: Source): readonly Finding[] {
  return error ? [{ file, line: error.line, rule: 'syntax', message: error.text }] : [];
}
