import type { spawn } from 'node:child_process';

/** What the operating system supplies. Tests inject their own to see another platform's behaviour. */
export interface System {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly spawn: typeof spawn;
  /** Tells what a path leads to. */
  readonly probe: (path: string) => Promise<PathKind>;
}

/** What a path leads to; `forbidden` exists and may not be executed. */
export type PathKind = 'program' | 'directory' | 'forbidden' | 'missing';
