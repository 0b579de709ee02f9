import type { Acceptor, Listener, Listening } from '@trunkline/transport';

/** What can be served: a server, which is closed with what it is served over. */
export interface Servable extends Acceptor {
  /** Makes ready for the first request. */
  open?(): Promise<void>;
  close?(): Promise<void>;
}

/** A server at work. */
export interface Serving extends AsyncDisposable {
  /** Ends gracefully: no new peers, running requests get their answers, then links and server are closed. Idempotent, never rejects. */
  close(): Promise<void>;
  /** Resolves once, when nothing is served any more, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;
  /** Where the server can be reached, one line for each listener, for people. */
  readonly addresses: readonly string[];
}

/**
 * Serves one server over one or several listeners at once; resolves when all of them listen. If one cannot, the others are
 * closed and its error is thrown.
 */
export async function serve(server: Servable, ...listeners: readonly Listener[]): Promise<Serving> {
  await server.open?.();
  const alone = listeners.length === 1;
  const started = await Promise.allSettled(listeners.map((listener) => listener.listen(server, { alone })));
  const listening = started.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const failed = started.find((outcome) => outcome.status === 'rejected');
  if (failed) {
    await closeAll(listening);
    throw failed.reason;
  }
  // What is open for good, such as a subscription, ends only when the server says so.
  const close = async (): Promise<void> => void (await Promise.all([closeAll(listening), server.close?.()]));
  return {
    close,
    closed: allClosed(listening),
    addresses: listening.map(({ describe }) => describe),
    [Symbol.asyncDispose]: close,
  };
}

async function allClosed(listening: readonly Listening[]): Promise<void> {
  await Promise.all(listening.map(({ closed }) => closed));
}

async function closeAll(listening: readonly Listening[]): Promise<void> {
  await Promise.all(listening.map((each) => each.close()));
}
