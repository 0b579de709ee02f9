import type { Acceptor, Listener, Listening, ListenOptions } from '@trunkline/transport';
import { ownStdio, type StdioServerOptions } from './server.ts';

/** How a server process serves its parent. */
export interface StdioOptions extends StdioServerOptions {
  /**
   * How long timers, sockets and the like may keep the process alive once its parent is gone, in milliseconds; then it is
   * ended. 1,000. `Infinity` lets it live; so does another listener in the same process.
   */
  readonly exitMs?: number;
}

/**
 * Guarantees that a server serves the process that started it and ends with it: on stdin's end, on a broken stdout, on
 * SIGTERM and SIGINT running requests are answered within 2 s and the process exits with 0; a second signal exits with 1.
 * Nothing is read before `listen`.
 */
export function stdio(options: StdioOptions = {}): Listener {
  return { listen: (acceptor, listenOptions) => listen(acceptor, options, listenOptions) };
}

/** Serves the process that started this one; resolves when it is gone. Rejects with `misuse` if stdio is served already. */
export async function runStdio(
  acceptor: Acceptor,
  options: StdioOptions & ListenOptions = {},
): Promise<void> {
  const listening = await stdio(options).listen(acceptor, options);
  await listening.closed;
}

async function listen(
  acceptor: Acceptor,
  options: StdioOptions,
  how: ListenOptions = {},
): Promise<Listening> {
  const { signal, alone = true } = how;
  signal?.throwIfAborted();
  const own = ownStdio(options);
  const link = acceptor.link(own.transport);
  await Promise.race([own.opened, link]);
  link.catch((cause: Error) => own.transport.close(cause));

  let finishing: Promise<void> | undefined;
  const finish = (): void => void (finishing ??= own.finish());
  const signals = options.input ? undefined : finishOnSignal(finish);
  signal?.addEventListener('abort', finish, { once: true });
  const { exitMs = EXIT_MS } = options;
  const closed = (async () => {
    await own.transport.closed;
    // Waits for the streams to be given back.
    await own.transport.close();
    signal?.removeEventListener('abort', finish);
    signals?.forget();
    if (signals?.fatal) endProcess(Math.min(exitMs, EXIT_MS));
    else if (signals && alone) endProcess(exitMs);
  })();
  return {
    describe: 'stdio',
    closed,
    close() {
      finish();
      return closed;
    },
  };
}

const EXIT_MS = 1000;

interface SignalWatch {
  /** A signal came that would have ended the process if we had not listened. */
  fatal: boolean;
  forget(): void;
}

function finishOnSignal(finish: () => void): SignalWatch {
  const names = ['SIGTERM', 'SIGINT'] as const;
  let signals = 0;
  const onSignal = (name: NodeJS.Signals): void => {
    if (++signals > 1) process.exit(1);
    watch.fatal = process.listenerCount(name) === 1;
    finish();
  };
  const watch: SignalWatch = {
    fatal: false,
    forget() {
      for (const name of names) process.off(name, onSignal);
    },
  };
  for (const name of names) process.on(name, onSignal);
  return watch;
}

/** Ends the process unless it ends by itself first: the timer does not keep it alive. */
function endProcess(afterMs: number): void {
  if (Number.isFinite(afterMs)) setTimeout(() => process.exit(), afterMs).unref();
}
