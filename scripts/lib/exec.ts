import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { root } from './workspace.ts';

/** Runs a tool of node_modules/.bin (or any on the PATH) from `cwd`, with its output shown; returns its exit code. */
export function exec(command: string, args: readonly string[], cwd: string = root): number {
  const run = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (run.error) throw new Error(`${command} could not be started: ${run.error.message}`);
  return run.status ?? 1;
}

/** Runs a tool and returns what it printed; throws with that text if it failed. */
export function capture(command: string, args: readonly string[], cwd: string = root): string {
  const { status, stdout, stderr } = quietly(command, args, cwd);
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

/** Runs a tool without a word if it succeeds; returns all it printed if it failed. */
export function attempt(command: string, args: readonly string[], cwd: string = root): string | undefined {
  const { status, stdout, stderr } = quietly(command, args, cwd);
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

function quietly(command: string, args: readonly string[], cwd: string): SpawnSyncReturns<string> {
  const run = spawnSync(command, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  if (run.error) throw new Error(`${command} could not be started: ${run.error.message}`);
  return run;
}
