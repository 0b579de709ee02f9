import { channelTransport, TransportError, type Channel, type Transport } from '@trunkline/transport';
import type { Child } from './child.ts';
import type { StdioClientOptions, StdioServerParameters } from './parameters.ts';
import type { ProcessExit } from './process-exit.ts';
import { restarts, type Restarts } from './restarts.ts';

/** What is known about the process at the other end. */
export interface StdioProcess {
  /** Undefined until it runs. */
  readonly pid: number | undefined;
  /** The end of what it wrote to stderr, and to stdout without being a message: up to 64 KiB, printable. */
  readonly output: string;
  /** How it ended; undefined until it has. */
  readonly exit: ProcessExit | undefined;
}

/** A link to a child process. */
export interface StdioTransport extends Transport {
  readonly process: StdioProcess;
}

declare module '@trunkline/transport' {
  interface Origin {
    /** The process that sent the message: the server for a client, the parent for a server. */
    readonly process?: { readonly pid: number | undefined };
  }
}

/**
 * Guarantees that every link it makes is one server process of its own, started by `start` and gone with its whole
 * process group when `close` resolves: stdin is closed, after 2 s comes SIGTERM, after 2 s more SIGKILL. `start` rejects
 * with `spawn-failed`; a process that ends by itself closes the link with `exited`, and `exitOf` tells how.
 */
export function stdioClient(
  parameters: StdioServerParameters,
  options: StdioClientOptions = {},
): () => StdioTransport {
  const turns = options.restart && restarts(options.restart);
  return () => {
    const link = childChannel(parameters, options, turns);
    const transport = channelTransport({ name: 'stdio', lanes: 'shared' }, link.channel, {
      origin: { process: link.process },
      ...(options.maxLineBytes === undefined ? {} : { limits: { maxLength: options.maxLineBytes } }),
    });
    if (turns) void transport.closed.then(turns.note);
    return Object.assign(transport, { process: link.process });
  };
}

function childChannel(
  parameters: StdioServerParameters,
  options: StdioClientOptions,
  turns: Restarts | undefined,
): { readonly channel: Channel; readonly process: StdioProcess } {
  const givingUp = new AbortController();
  let opening: Promise<Child> | undefined;
  let child: Child | undefined;

  const open: Channel['open'] = async (events) => {
    const { signal } = givingUp;
    await turns?.turn(signal);
    // Servers import this package too, and never start a process.
    const { openChild } = await import('./child.ts');
    signal.throwIfAborted();
    opening = openChild(parameters, options, events, signal);
    child = await opening;
  };
  const channel: Channel = {
    open,
    write: (frame) => child?.write(frame),
    pause: () => child?.pause(),
    resume: () => child?.resume(),
    async close(cause) {
      givingUp.abort(
        new TransportError('closed', 'closed before the server was started', { delivery: 'not-sent' }),
      );
      const started = await opening?.catch(() => undefined);
      await started?.close(cause);
    },
  };
  const process: StdioProcess = {
    get pid() {
      return child?.pid;
    },
    get output() {
      return child?.output ?? '';
    },
    get exit() {
      return child?.exit;
    },
  };
  return { channel, process };
}
