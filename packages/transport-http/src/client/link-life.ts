import { TransportError, type TransportClosed } from '@trunkline/transport';

/** Milliseconds that what is under way gets after the session was forgotten. */
const AFTERLIFE = 2_000;

/** What ends together with a piece of work. */
export interface Bounds {
  /** Aborted by the caller. */
  readonly signal?: AbortSignal | undefined;
  /** Nobody waits for it: it does not keep a link alive whose session was forgotten. */
  readonly background?: boolean;
}

/** How long a link lives, and what lives no longer than it. */
export class LinkLife {
  readonly closed: Promise<TransportClosed>;
  readonly #gone = new AbortController();
  readonly #running = new Map<AbortController, Bounds>();
  #expired: TransportError | undefined;
  #afterlife: ReturnType<typeof setTimeout> | undefined;
  #finish: (closed: TransportClosed) => void = () => {};

  constructor() {
    this.closed = new Promise((resolve) => (this.#finish = resolve));
  }

  /** Aborted when the link is gone. */
  get signal(): AbortSignal {
    return this.#gone.signal;
  }

  /** Whether nothing can be sent any more, though what was sent may still be answered. */
  get over(): boolean {
    return this.#expired !== undefined || this.signal.aborted;
  }

  /** Throws unless something can be sent. */
  assertOpen(): void {
    if (this.#expired) throw this.#expired;
    if (this.signal.aborted)
      throw new TransportError('closed', 'the link is closed', { delivery: 'not-sent' });
  }

  /** Does what ends with the link, and with its caller's signal until `forget` is called or it is done. */
  async during<Result>(
    bounds: Bounds,
    work: (stop: AbortController, forget: () => void) => Promise<Result>,
  ): Promise<Result> {
    const stop = new AbortController();
    const { signal } = bounds;
    const abort = (): void => stop.abort(signal?.reason);
    const forget = (): void => signal?.removeEventListener('abort', abort);
    signal?.addEventListener('abort', abort);
    this.#running.set(stop, bounds);
    try {
      return await work(stop, forget);
    } finally {
      this.#running.delete(stop);
      forget();
      if (this.#expired && this.#running.size === 0) this.end({ by: 'remote', cause: this.#expired });
    }
  }

  /** Ends everything. */
  end(closed: TransportClosed): void {
    if (this.signal.aborted) return;
    const { cause } = closed;
    const reason = new TransportError('closed', 'the link is closed', cause ? { cause } : {});
    clearTimeout(this.#afterlife);
    this.#finish(closed);
    this.#gone.abort(reason);
    for (const stop of this.#running.keys()) stop.abort(reason);
  }

  /**
   * The server forgot the session: the link ends, and whoever owns it opens another. What is under way may hear that for
   * itself first, because what the server turned away can be repeated and the rest cannot; the end of a link does not tell
   * the two apart.
   */
  expire(cause: TransportError): void {
    if (this.over) return;
    this.#expired = cause;
    this.#afterlife = setTimeout(() => this.end({ by: 'remote', cause }), AFTERLIFE);
    for (const [stop, { background }] of this.#running) if (background) stop.abort(cause);
  }
}
