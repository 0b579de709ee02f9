import type { JsonRpcMessage } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { Transport } from '../transport.ts';
import { linkClosed } from './outbox.ts';
import { ReplyRoutes } from './reply-routes.ts';

/** What comes to the one who pulls: a message, or why there is none. */
type Item = JsonRpcMessage | TransportError;

/** One dialled link of a pull transport: what came in and was not taken yet, and who waits to take. */
export class PullLink {
  readonly transport: Transport;
  readonly #routes: ReplyRoutes;
  readonly #maxInbox: number;
  readonly #inbox: Item[] = [];
  readonly #takers: Set<(item: Item) => void> = new Set();
  #onRoom: (() => void) | undefined;
  #end: TransportError | undefined;

  constructor(transport: Transport, maxInbox: number) {
    this.transport = transport;
    this.#routes = new ReplyRoutes(transport);
    this.#maxInbox = maxInbox;
    void transport.closed.then(({ cause }) => this.#close(linkClosed(cause)));
  }

  /** Whether the link has not ended. */
  get live(): boolean {
    return this.#end === undefined;
  }

  async start(timeout: number): Promise<void> {
    const started = this.transport.start({
      message: (message, exchange) => {
        this.#routes.note(message, exchange);
        this.#put(message);
        if (this.#inbox.length < this.#maxInbox) return undefined;
        return new Promise((resolve) => (this.#onRoom = resolve));
      },
      orphaned: (_id, cause) => this.#put(cause),
      fault: (error) => this.#put(error),
    });
    await within(timeout, started, () => {
      const late = new TransportError('connect-timeout', `no link within ${timeout} ms`, {
        delivery: 'not-sent',
      });
      void this.transport.close(late);
      return late;
    });
  }

  async send(message: JsonRpcMessage, timeout: number): Promise<void> {
    const stop = new AbortController();
    await within(timeout, this.#routes.send(message, { signal: stop.signal }), () => {
      const late = new TransportError('timed-out', `the peer took nothing for ${timeout} ms`);
      stop.abort(late);
      return late;
    });
  }

  /** Takes what came first, or waits for it. */
  async take(timeout: number, signal: AbortSignal | undefined): Promise<JsonRpcMessage> {
    signal?.throwIfAborted();
    const item = this.#inbox.shift() ?? this.#end ?? (await this.#next(timeout, signal));
    if (this.#inbox.length < this.#maxInbox) this.#onRoom?.();
    if (item instanceof TransportError) throw item;
    return item;
  }

  #next(timeout: number, signal: AbortSignal | undefined): Promise<Item> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        this.#takers.delete(take);
      };
      const take = (item: Item): void => {
        leave();
        resolve(item);
      };
      const abort = (): void => {
        leave();
        reject(signal?.reason);
      };
      const late = (): void => take(new TransportError('timed-out', `no message within ${timeout} ms`));
      const timer = setTimeout(late, timeout);
      signal?.addEventListener('abort', abort);
      this.#takers.add(take);
    });
  }

  #put(item: Item): void {
    const [take] = this.#takers;
    if (take) take(item);
    else this.#inbox.push(item);
  }

  #close(end: TransportError): void {
    this.#end = end;
    for (const take of this.#takers) take(end);
  }
}

async function within(ms: number, work: Promise<void>, late: () => TransportError): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
