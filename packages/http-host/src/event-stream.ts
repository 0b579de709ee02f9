import { encodeSse, SSE_KEEP_ALIVE, type SseOutput } from '@trunkline/sse-codec';
import type { HttpCall, Outlet } from './call.ts';
import { Countdown } from './countdown.ts';
import type { Fields } from './head.ts';
import type { HttpHost } from './host.ts';

/** Server-sent events as the answer to a call. Comments keep it alive while nothing is sent. */
export interface EventStream {
  /** Sends one event. A promise says that the reader is behind; it resolves when there is room again, or nobody to read. */
  send(event: SseOutput): Promise<void> | undefined;
  /** Completes the answer. Idempotent. */
  end(): void;
}

/** Makes the event streams of one host, which share the timer that keeps them alive. */
export class EventStreams {
  readonly #silent: Countdown<LiveStream>;

  constructor(host: HttpHost) {
    this.#silent = new Countdown(host.limits.keepAlive, (stream) => stream.keepAlive());
  }

  /** Answers a call with a stream. */
  open(call: HttpCall, fields?: Fields): EventStream {
    const outlet = call.stream(200, fields ? { ...STREAM_FIELDS, ...fields } : STREAM_FIELDS);
    const stream = new LiveStream(outlet, this.#silent);
    call.onGone(() => stream.end());
    return stream;
  }

  /** Stops keeping streams alive. */
  close(): void {
    this.#silent.clear();
  }
}

/** Proxies are told neither to collect nor to change what passes. */
const STREAM_FIELDS: Fields = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
};

class LiveStream implements EventStream {
  readonly #outlet: Outlet;
  readonly #silent: Countdown<LiveStream>;
  #over = false;

  constructor(outlet: Outlet, silent: Countdown<LiveStream>) {
    this.#outlet = outlet;
    this.#silent = silent;
    silent.add(this);
  }

  send(event: SseOutput): Promise<void> | undefined {
    if (this.#over) return undefined;
    this.#silent.add(this);
    return this.#outlet.write(encodeSse(event));
  }

  keepAlive(): void {
    this.#silent.add(this);
    void this.#outlet.write(SSE_KEEP_ALIVE);
  }

  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#silent.delete(this);
    this.#outlet.end();
  }
}
