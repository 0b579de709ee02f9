import { TransportError } from '@trunkline/transport';

/** Which step ended a child: `by-itself`, or the last step of the stop sequence that was needed. */
export type ProcessEnd = 'by-itself' | 'stdin-closed' | 'SIGTERM' | 'SIGKILL';

/** How a child process ended. It is the `cause` of every `exited` error. */
export interface ProcessExit {
  readonly command: string;
  /** The exit code, or null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly ended: ProcessEnd;
  /** The last 4 KiB it wrote to stderr, printable; also what it wrote to stdout that was no message. */
  readonly output: string;
}

/** Finds out how the process ended, from any error that has an `exited` error among its causes. */
export function exitOf(error: unknown): ProcessExit | undefined {
  let cause = error;
  // Bounded, because a chain of causes can be made circular.
  for (let depth = 0; depth < 16 && typeof cause === 'object' && cause !== null; depth += 1) {
    if (isProcessExit(cause)) return cause;
    cause = 'cause' in cause ? cause.cause : undefined;
  }
  return undefined;
}

/** The error of everything that waited for a process that ended by itself. */
export function exitedError(exit: ProcessExit): TransportError {
  const how = exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
  const output = exit.output.trim();
  const said = output === '' ? 'It wrote nothing to stderr.' : `Its last output:\n${output}`;
  return new TransportError('exited', `the server process "${exit.command}" ${how}. ${said}`, {
    cause: exit,
  });
}

function isProcessExit(value: object): value is ProcessExit {
  return 'command' in value && 'code' in value && 'signal' in value && 'ended' in value;
}
