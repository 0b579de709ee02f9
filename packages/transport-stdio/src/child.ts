import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { lineDecoder, TransportError, type Channel, type ChannelEvents } from '@trunkline/transport';
import { probePath } from './find-program.ts';
import { lineWriter } from './line-writer.ts';
import { messageLines } from './message-lines.ts';
import { endWithParent } from './orphan.ts';
import type { StdioClientOptions, StdioServerParameters } from './parameters.ts';
import { exitedError, type ProcessEnd, type ProcessExit } from './process-exit.ts';
import { processGroup } from './process-group.ts';
import { planSpawn, startProcess } from './spawn.ts';
import { drainStderr, lastOutput, type LastOutput } from './stderr.ts';
import type { System } from './system.ts';
import { terminate } from './terminate.ts';

const OUTPUT_BYTES = 64 * 1024;
const QUOTED_BYTES = 4 * 1024;
const DEADLINES = { stdinMs: 2000, termMs: 2000, killMs: 500 } as const;

/** How long it may take from the first sign that a child is ending to the end of its output. */
const SETTLE_MS = 250;

/** The process at the other end of an open channel. */
export interface Child extends Omit<Channel, 'open'> {
  readonly pid: number | undefined;
  /** How it ended; undefined while it runs. */
  readonly exit: ProcessExit | undefined;
  /** The end of its output that was no message, up to 64 KiB. */
  readonly output: string;
}

/** Starts the process and reports what it says. Rejects with `spawn-failed` if it cannot be started; `signal` gives up until it runs. */
export async function openChild(
  parameters: StdioServerParameters,
  options: StdioClientOptions,
  events: ChannelEvents,
  signal: AbortSignal,
): Promise<Child> {
  const system = {
    platform: process.platform,
    environment: process.env,
    spawn,
    probe: probePath,
    ...options.system,
  };
  const { stderr } = options;
  const settings = { ...options, signal, stderr: typeof stderr === 'string' ? stderr : 'pipe' } as const;
  const plan = await planSpawn(parameters, settings, system);
  const child = await startProcess(plan, system);
  return attach(child as PipedChild, { command: plan.command, system, options, events });
}

type PipedChild = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };

interface Context {
  readonly command: string;
  readonly system: System;
  readonly options: StdioClientOptions;
  readonly events: ChannelEvents;
}

function attach(child: PipedChild, { command, system, options, events }: Context): Child {
  const group = processGroup(child, system);
  const release = endWithParent(group);
  const output = lastOutput();
  let ended: ProcessEnd = 'by-itself';
  let losing = false;
  let stopping: Promise<void> | undefined;

  const exit = (): ProcessExit | undefined => {
    if (!group.leaderGone()) return undefined;
    return {
      command,
      code: child.exitCode,
      signal: child.signalCode,
      ended,
      output: output.tail(QUOTED_BYTES),
    };
  };
  const lose = async (reason: string): Promise<void> => {
    if (losing) return;
    losing = true;
    // Whoever paused reading gets the rest all the same; a pipe holds little.
    child.stdout.resume();
    // One end of a pipe closing is mostly the first sign of an exit, which says more.
    await outputEnd(child);
    const end = exit();
    events.closed(
      end ? exitedError(end) : new TransportError('closed', `the server process "${command}" ${reason}`),
    );
    await stop();
  };
  const stop = (): Promise<void> => (stopping ??= stopOnce());
  const stopOnce = async (): Promise<void> => {
    losing = true;
    child.stdout.removeAllListeners('data').resume();
    const closeStdin = (): void => {
      void writer.flush(0);
      child.stdin.end();
    };
    ended = await terminate(group, closeStdin, { ...DEADLINES, ...options.stop });
    // A descendant that left the group may hold the other ends.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream?.destroy();
    child.unref();
    release();
  };

  const writer = lineWriter(child.stdin, { failed: () => void lose('closed its stdin') });
  readMessages(child.stdout, options, events, output);
  readStderr(child.stderr, options, events, output);
  child.stdout.once('end', () => void lose('closed its stdout'));
  child.once('exit', () => void lose('ended'));
  return {
    pid: child.pid,
    get exit() {
      return exit();
    },
    get output() {
      return output.tail(OUTPUT_BYTES);
    },
    write: writer.write,
    pause() {
      if (!losing) child.stdout.pause();
    },
    resume: () => void child.stdout.resume(),
    close: stop,
  };
}

function readMessages(
  stdout: Readable,
  { maxLineBytes }: StdioClientOptions,
  events: ChannelEvents,
  output: LastOutput,
): void {
  const lines = lineDecoder({
    onLine: messageLines({
      message: (line) => events.frame(line),
      noise: (line) => output.add(Buffer.from(`${line}\n`)),
      fault: (error) => events.fault(error),
    }),
    onFault: (error) => events.fault(error),
    ...(maxLineBytes === undefined ? {} : { maxBytes: maxLineBytes }),
  });
  stdout.on('error', () => {});
  stdout.on('data', lines.push);
  stdout.once('end', lines.end);
}

function readStderr(
  stream: Readable | null,
  { stderr }: StdioClientOptions,
  events: ChannelEvents,
  output: LastOutput,
): void {
  if (!stream) return;
  drainStderr(stream, output, typeof stderr === 'function' ? stderr : undefined, (cause) => {
    events.fault(
      new TransportError('misuse', 'the `stderr` option threw; it is not called again', { cause }),
    );
  });
}

/** Resolves when the child's output has been read to its end, or shortly after when a descendant keeps it open. */
function outputEnd(child: PipedChild): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, SETTLE_MS);
    child.once('close', done);

    function done(): void {
      clearTimeout(timer);
      child.off('close', done);
      resolve();
    }
  });
}
