import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exec } from './exec.ts';
import type { Tally } from './tally.ts';
import { root } from './workspace.ts';

interface Results {
  readonly testResults: ReadonlyArray<{
    readonly name: string;
    readonly status: string;
    readonly assertionResults: ReadonlyArray<{ readonly status: string; readonly fullName: string }>;
  }>;
}

/** A test that says this in its title may be skipped where the folder beside the checkout is missing, and only there. */
const needsShared = '(needs ../shared)';
/** A clause of a suite that a binding declared not to keep by its nature; the title goes on with the reason. */
const notApplicable = '(does not apply: ';
const resultsFile = join(root, 'node_modules', '.cache', 'vitest-results.json');

/** Runs vitest and counts. In CI a skipped test is a failed one, unless its excuse holds. */
export function vitest(args: readonly string[]): Tally {
  rmSync(resultsFile, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${resultsFile}`];
  const status = exec('vitest', ['run', ...reporters, ...args]);
  if (!existsSync(resultsFile)) return { passed: 0, failed: 1, skipped: 0 };
  const { testResults } = JSON.parse(readFileSync(resultsFile, 'utf8')) as Results;
  const tests = testResults.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some(isFailure),
  ).length;
  const skips = tests.filter((test) => test.status !== 'passed' && !isFailure(test));
  const unexcused = skips.filter(({ fullName }) => !isExcused(fullName));
  const inCi = Boolean(process.env['CI']);
  for (const skip of skips) {
    if (skip.fullName.includes(notApplicable)) continue;
    const verdict = isExcused(skip.fullName)
      ? 'excused: ../shared is absent'
      : inCi
        ? 'a failure in CI'
        : 'not excused';
    console.log(`skipped (${verdict}): ${skip.fullName}`);
  }
  if (tests.length === 0) console.error('vitest ran no test');
  const failed = tests.filter(isFailure).length + broken + (inCi ? unexcused.length : 0);
  const skipped = skips.length - (inCi ? unexcused.length : 0);
  return { passed, failed: status === 0 && tests.length > 0 ? failed : Math.max(1, failed), skipped };
}

function isFailure({ status }: { readonly status: string }): boolean {
  return status === 'failed';
}

function isExcused(title: string): boolean {
  if (title.includes(notApplicable)) return true;
  return title.includes(needsShared) && !existsSync(join(dirname(root), 'shared'));
}
