import type { System } from './system.ts';

/** How to start a server process: plain data, in the shape that `mcpServers` configuration files use. */
export interface StdioServerParameters {
  /** A program: a path, or a name found on PATH. As a list, the program with its first arguments. No shell reads it. */
  readonly command: string | readonly string[];
  readonly args?: readonly string[];
  /** Variables for the process, merged over the few it inherits. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where it runs, and what a relative `command` starts from. The current directory when omitted. */
  readonly cwd?: string;
}

/** What is about to be started, exactly: what an allow-list decides on. */
export interface SpawnRequest {
  /** The program's file, then its arguments, as the operating system receives them. */
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The names of all variables the process will see, sorted. */
  readonly env: readonly string[];
  /** SHA-256 over argv, cwd and the configured `env` with its values: tells whether a configuration changed since it was approved. */
  readonly fingerprint: string;
}

/** How a client treats the process it starts. */
export interface StdioClientOptions {
  /**
   * What becomes of the process's stderr. A function gets all of it as text; `inherit` lets it write to our own; `ignore`
   * discards it. With the default and with a function its last 64 KiB are kept, and errors quote the end of them.
   */
  readonly stderr?: 'inherit' | 'ignore' | ((text: string) => void);
  /** Longest line the process may write, in bytes; what is longer is skipped and reported. 10 MiB. */
  readonly maxLineBytes?: number;
  /** How patient `close()` is. */
  readonly stop?: Partial<StopDeadlines>;
  /** Decides about a start when everything about it is known. The process is not started unless it says `true`. */
  readonly approve?: (request: SpawnRequest) => boolean | Promise<boolean>;
  /** The process also inherits LANG, LC_ALL, LC_CTYPE, TMPDIR and TZ. */
  readonly locale?: boolean;
  /**
   * Slows down and bounds starting the server again. Whoever uses the dial decides that a lost link is dialled again; with
   * a policy (`{}` for the defaults) `start` waits its turn, and rejects with `exited` when the server is given up. Without
   * one every start happens at once.
   */
  readonly restart?: RestartPolicy;
  /** Replaces the operating system, for tests. */
  readonly system?: Partial<System>;
}

/** How long each step of stopping a process may take, in milliseconds. */
export interface StopDeadlines {
  /** From closing its stdin to SIGTERM. 2,000. */
  readonly stdinMs: number;
  /** From SIGTERM to SIGKILL. 2,000. */
  readonly termMs: number;
  /** From SIGKILL until it is given up; also what its descendants get per step once it is gone itself. 500. */
  readonly killMs: number;
}

/** When a server that keeps ending by itself may be started again. Times in milliseconds. */
export interface RestartPolicy {
  /** The wait after the first end; doubles with each further one. 500. */
  readonly firstDelayMs?: number;
  /** The longest wait. 30,000. */
  readonly maxDelayMs?: number;
  /** Most restarts within the window; then the server is given up. 5. */
  readonly maxRestarts?: number;
  /** How long an end of the server counts. 300,000. */
  readonly windowMs?: number;
}
