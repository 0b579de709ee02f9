import {
  bodyKind,
  type HttpHeaders,
  type MakeRequest,
  readRefusal,
  readStream,
  type ReplyLimits,
  type ReplySink,
} from '@trunkline/http-host/client';
import { isTransportError, TransportError } from '@trunkline/transport';
import type { ReconnectOptions } from '../client/options.ts';
import type { Pace } from '../client/pace.ts';
import { createReconnect, type Reconnect } from '../client/reconnect.ts';

/** What a stream needs of the session that it belongs to. */
export interface StreamHome {
  readonly request: MakeRequest;
  readonly reconnect: ReconnectOptions | undefined;
  readonly pace: Pace;
  /** What the server calls the session, if it keeps one. */
  readonly id: string | undefined;
  /** What every request of the session carries. */
  readonly fields: HttpHeaders;
  /** The events that were delivered, on whichever stream; old ones are forgotten. */
  readonly seen: { has(id: string): boolean; add(id: string): void };
}

/** One stream of a session over however many connections, each of which goes on where the one before it broke. */
export class ClientStream {
  readonly #home: StreamHome;
  readonly #limits: ReplyLimits;
  readonly #sink: ReplySink;
  readonly #reconnect: Reconnect;
  #lastEventId: string | undefined;
  #begun = false;

  constructor(home: StreamHome, limits: ReplyLimits, sink: ReplySink) {
    this.#home = home;
    this.#limits = limits;
    this.#sink = sink;
    this.#reconnect = createReconnect(home.reconnect, () => home.pace.random());
  }

  /** Reads a reply that has begun until it is `done`. Rejects with `stream-ended`, `resume-gap` or `too-large`. */
  async read(first: Response, done: () => boolean): Promise<void> {
    let broken = await this.#readSome(first);
    while (!done()) {
      if (this.#lastEventId === undefined) throw ended(broken);
      await this.#pause(broken);
      const response = await this.#open();
      if (!isTransportError(response)) broken = await this.#readSome(response);
      else if (isFinal(response)) throw lost(response);
      else broken = response;
    }
  }

  /** Keeps open the stream on which the server speaks first. Resolves if the server offers none; rejects when it is given up. */
  async listen(): Promise<void> {
    for (;;) {
      const response = await this.#open();
      let broken: TransportError | undefined;
      if (!isTransportError(response)) broken = await this.#readSome(response);
      else if (!isFinal(response)) broken = response;
      else if (response.code === 'expired') throw response;
      else if (this.#lastEventId !== undefined) this.#skip(response);
      else if (this.#begun || !NOT_OFFERED.has(response.status ?? 0)) throw response;
      else return;
      await this.#pause(broken);
    }
  }

  /** What was missed is lost; what is said from here on need not be. */
  #skip(refusal: TransportError): void {
    this.#lastEventId = undefined;
    this.#sink.fault(lost(refusal));
  }

  /** A connection to read, or what kept it from being opened. */
  async #open(): Promise<Response | TransportError> {
    const { signal } = this.#limits;
    const place = this.#lastEventId === undefined ? {} : { 'last-event-id': this.#lastEventId };
    const fields = { accept: 'text/event-stream', ...this.#home.fields, ...place };
    let response: Response;
    try {
      response = await this.#home.request({ method: 'GET', fields, signal });
    } catch (error) {
      if (isTransportError(error) && error.code !== 'misuse') return error;
      throw error;
    }
    if (response.ok && bodyKind(response) === 'stream') return response;
    this.#postpone(response);
    // A session that was opened a moment ago is not forgotten: there is no such stream then.
    const inSession = this.#home.id !== undefined && this.#begun;
    const refusal = await readRefusal(response, { inSession, signal });
    return refusal as TransportError;
  }

  /** Reads one connection to its end. Resolves with what broke it, if anything did. */
  async #readSome(response: Response): Promise<TransportError | undefined> {
    const { seen, pace } = this.#home;
    const again = this.#begun;
    this.#begun = true;
    const began = pace.now();
    try {
      await readStream(response, this.#limits, {
        message: (message) => {
          this.#reconnect.succeeded();
          return this.#sink.message(message);
        },
        fault: (error) => this.#sink.fault(error),
        // Only a server that continues a stream repeats events; ids that clash elsewhere cost nothing.
        knows: (id) => again && seen.has(id),
        delivered: (id) => this.#delivered(id),
        retry: (milliseconds) => this.#reconnect.retryAfter(milliseconds),
      });
    } catch (error) {
      if (isTransportError(error) && error.code === 'stream-ended') return error;
      throw error;
    } finally {
      if (pace.now() - began >= GOOD_LIFE) this.#reconnect.succeeded();
    }
    return undefined;
  }

  #delivered(id: string): void {
    this.#reconnect.succeeded();
    if (id === '') this.#lastEventId = undefined;
    if (id.length > MAX_EVENT_ID) return;
    this.#home.seen.add(id);
    if (SENDABLE.test(id)) this.#lastEventId = id;
  }

  #postpone(response: Response): void {
    const seconds = Number(response.headers.get('retry-after') ?? NaN);
    if (seconds > 0) this.#reconnect.retryAfter(seconds * 1_000);
  }

  async #pause(broken: TransportError | undefined): Promise<void> {
    const { signal } = this.#limits;
    signal.throwIfAborted();
    const pause = broken ? this.#reconnect.afterFailure() : this.#reconnect.afterEnd();
    if (pause === undefined) throw ended(broken);
    await this.#home.pace.sleep(pause, signal);
  }
}

const MAX_EVENT_ID = 1_024;
/** What a header field can carry as it is. */
const SENDABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
/** Milliseconds after which a connection was a good one, whatever came over it. */
const GOOD_LIFE = 30_000;
/** How servers say that they do not speak first. */
const NOT_OFFERED = new Set([200, 204, 400, 404, 405, 406, 501]);

/** Whether trying again is no use. Another connection may still be counted as open, and a busy server may recover. */
function isFinal({ status }: TransportError): boolean {
  return status !== undefined && status > 0 && status < 500 && status !== 409 && status !== 429;
}

function ended(cause: TransportError | undefined): TransportError {
  return new TransportError('stream-ended', 'the stream ended before the answer came', { cause });
}

/** What a refusal to go on means for what was not heard yet. */
function lost(cause: TransportError): TransportError {
  // The request itself was taken: unlike one that meets a forgotten session, it must not look as if it had not been sent.
  if (cause.code === 'expired') return ended(cause);
  if (cause.status === 401 || cause.status === 403) return cause;
  return new TransportError('resume-gap', 'the server can no longer say what was missed', { cause });
}
