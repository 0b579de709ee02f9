import { globSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './exec.ts';
import type { Tally } from './tally.ts';
import { root } from './workspace.ts';

interface Summary {
  readonly tasks: ReadonlyArray<{
    readonly taskId: string;
    readonly execution?: { readonly exitCode: number | null };
  }>;
}

const runs = join(root, '.turbo', 'runs');

/** Runs tasks of turbo.json in every package that has them, goes on after a failure, and counts the tasks named. */
export function turbo(tasks: readonly string[]): Tally {
  rmSync(runs, { recursive: true, force: true });
  const flags = [
    '--continue=dependencies-successful',
    '--summarize',
    '--output-logs=errors-only',
    '--log-order=grouped',
  ];
  const status = exec('turbo', ['run', ...tasks, ...flags]);
  const [file] = globSync('*.json', { cwd: runs });
  if (!file) return { passed: 0, failed: 1, skipped: 0 };
  const { tasks: ran } = JSON.parse(readFileSync(join(runs, file), 'utf8')) as Summary;
  const counted = ran.filter(({ taskId }) => tasks.some((task) => taskId.endsWith(task.replace('//', ''))));
  const passed = counted.filter(({ execution }) => execution?.exitCode === 0).length;
  return { passed, failed: status === 0 ? 0 : Math.max(1, counted.length - passed), skipped: 0 };
}
