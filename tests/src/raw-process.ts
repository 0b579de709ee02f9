import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Hearing, type RawConnection } from './raw-connection.ts';
import { within } from './within.ts';

/** A connection to a process over its standard streams. */
export interface RawProcess extends RawConnection {
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** What it wrote to stderr. */
  readonly stderr: string;
  /** Sends bytes as they are, without a line end. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Closes the end from which its stdout is read. */
  stopReading(): void;
}

/** Node as it runs the sources of this workspace, unbuilt. */
export const NODE_ARGS: readonly string[] = [
  '--conditions',
  '@trunkline/source',
  '--disable-warning=ExperimentalWarning',
  '--expose-gc',
];

/** Starts a program of this workspace. */
export function startRaw(program: string, args: readonly string[] = []): RawProcess {
  const child = spawn(process.execPath, [...NODE_ARGS, program, ...args], { stdio: 'pipe' });
  const hearing = new Hearing();
  createInterface({ input: child.stdout }).on('line', (line) => hearing.take(line));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Writing to a process that has ended is what some tests are about.
  child.stdin.on('error', () => {});
  const ended = new Promise<number | string>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'gone')),
  );
  const write = (bytes: string | Uint8Array): Promise<void> =>
    new Promise((resolve) => child.stdin.write(bytes, () => resolve()));
  return {
    heard: hearing.heard,
    next: (what, matches) => hearing.next(`${what} (stderr: ${stderr.slice(-1000)})`, matches),
    ended,
    get stderr() {
      return stderr;
    },
    write,
    send(frame) {
      void write(frame);
      if (frame.at(-1) !== '\n' && frame.at(-1) !== 10) void write('\n');
    },
    stopReading: () => child.stdout.destroy(),
    async close() {
      child.stdin.end();
      try {
        await within(ended, () => `the process to end; stderr: ${stderr}`);
      } finally {
        child.kill('SIGKILL');
      }
    },
  };
}
