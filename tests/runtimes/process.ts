import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A program of another runtime that runs. */
export interface Running extends AsyncDisposable {
  /** Resolves with the first line of its output that matches; rejects if it ends before. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with all its output when it ends; rejects if it fails. */
  readonly done: Promise<string>;
}

/** A command that a package of the test workspace brings along; throws with what to do where it did not. */
export function commandOf(name: string): string {
  const file = join(import.meta.dirname, '..', 'node_modules', '.bin', name);
  if (existsSync(file)) return file;
  throw new Error(`${name} is not installed: run the install of the repository again`);
}

/** Starts a program. */
export function run(command: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const child = spawn(command, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // What npm installs as a command may start the real one: both are ended as one group.
    detached: true,
  });
  let out = '';
  let errors = '';
  const watchers = new Set<() => void>();
  const look = (): void => watchers.forEach((watch) => watch());
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    look();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
    look();
  });
  const done = new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(out) : reject(new Error(`${command} ended with ${code}: ${errors}${out}`)),
    );
  });
  done.catch(() => {});
  return {
    done,
    line: (pattern) =>
      Promise.race([
        done.then(() => Promise.reject(new Error(`${command} ended without ${pattern}: ${out}`))),
        new Promise<string>((resolve) => {
          const watch = (): void => {
            const found = `${out}\n${errors}`.split('\n').find((line) => pattern.test(line));
            if (found !== undefined) resolve(found);
          };
          watchers.add(watch);
          watch();
        }),
      ]),
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
      await done.catch(() => {});
    },
  };
}
