import { bodyKind, readRefusal, readStream, type ReplySink } from '@trunkline/http-host/client';
import { isTransportError, TransportError } from '@trunkline/transport';
import type { ReconnectOptions } from '../client/options.ts';
import { createReconnect, sleep, type Reconnect } from '../client/reconnect.ts';

/** A reply stream that may be taken up again. */
export interface ResumableLane {
  readonly signal: AbortSignal;
  readonly answered: boolean;
}

/** What a session needs of its link. */
export interface LegacyClientSessionOptions<Lane extends ResumableLane> {
  readonly reconnect: ReconnectOptions | undefined;
  /** Aborted when the link is gone. */
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly get: (fields: Record<string, string>) => Promise<Response>;
  readonly sink: (lane: Lane | undefined) => ReplySink;
  readonly expired: (error: TransportError) => void;
}

/** One stream over however many connections. */
interface Stream {
  readonly signal: AbortSignal;
  readonly sink: ReplySink;
  /** Whether everything came that was waited for. */
  readonly done: () => boolean;
  /** A stream that belongs to no request can be opened anew without a place to continue from. */
  readonly ambient: boolean;
  lastEventId: string | undefined;
}

const SESSION_ID = /^[\x21-\x7e]{1,128}$/;
const MAX_SEEN = 1_000;

/**
 * The client's side of a legacy session: its id, the stream on which the server speaks first, and streams that are taken up
 * again where they broke. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
export class LegacyClientSession<Lane extends ResumableLane> {
  id: string | undefined;
  revision: string | undefined;
  readonly #options: LegacyClientSessionOptions<Lane>;
  /** Events that were delivered, so that a server that repeats them on resumption is heard once. */
  readonly #seen = new Set<string>();

  constructor(options: LegacyClientSessionOptions<Lane>) {
    this.#options = options;
  }

  /** What every request of the session carries. */
  get fields(): Record<string, string> {
    return {
      ...(this.id !== undefined && { 'mcp-session-id': this.id }),
      ...(this.revision !== undefined && { 'mcp-protocol-version': this.revision }),
    };
  }

  /** Takes the id from the answer to `initialize`; no other answer may set it. Throws `malformed` for one that is none. */
  open(response: Response): void {
    const id = response.headers.get('mcp-session-id');
    if (id === null) return;
    if (!SESSION_ID.test(id))
      throw new TransportError(
        'malformed',
        `a session id of ${id.length} characters that is not visible ASCII of at most 128`,
      );
    this.id = id;
  }

  /** Reads a reply to its end, over as many connections as it takes. */
  async read(response: Response, lane: Lane): Promise<void> {
    const stream = {
      signal: lane.signal,
      sink: this.#options.sink(lane),
      done: () => lane.answered,
      ambient: false,
      lastEventId: undefined,
    };
    await this.#follow(response, stream);
  }

  /** Opens the stream on which the server speaks first, and keeps it open for as long as the link lives. */
  listen(revision: string | undefined): void {
    this.revision = revision;
    const { signal, sink } = this.#options;
    const stream = {
      signal,
      sink: sink(undefined),
      done: () => false,
      ambient: true,
      lastEventId: undefined,
    };
    void this.#follow(undefined, stream).catch(ignore);
  }

  async #follow(first: Response | undefined, stream: Stream): Promise<void> {
    const reconnect = createReconnect(this.#options.reconnect);
    let response = first;
    for (;;) {
      const broken = await this.#readSome(response ?? (await this.#open(stream)), stream, reconnect);
      if (stream.done() || stream.signal.aborted) return;
      const pause = stream.ambient || stream.lastEventId !== undefined ? reconnect.next() : undefined;
      if (pause === undefined)
        throw new TransportError('stream-ended', 'the stream ended before the answer came', {
          cause: broken,
        });
      await sleep(pause, stream.signal);
      response = undefined;
    }
  }

  /** A stream to read, or what kept it from being opened. Throws when trying again is no use. */
  async #open({ lastEventId }: Stream): Promise<Response | TransportError> {
    const place = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    let response: Response;
    try {
      response = await this.#options.get({ ...this.fields, ...place });
    } catch (error) {
      if (isTransportError(error)) return error;
      throw error;
    }
    if (response.ok && bodyKind(response) === 'stream') return response;
    const refusal = await readRefusal(response, undefined, this.id !== undefined);
    if (!(refusal instanceof TransportError))
      throw new TransportError('stream-ended', 'the stream was refused');
    if (refusal.code === 'expired') this.#options.expired(refusal);
    // The server offers no such stream, or does not know the place: both will be so tomorrow.
    if (response.status < 500 && response.status !== 409 && response.status !== 429)
      throw lastEventId === undefined ? refusal : gap(refusal);
    return refusal;
  }

  /** Reads one connection to its end; returns what broke it. */
  async #readSome(
    response: Response | TransportError,
    stream: Stream,
    reconnect: Reconnect,
  ): Promise<unknown> {
    if (response instanceof TransportError) return response;
    try {
      await readStream(response, this.#options.maxBytes, {
        message: (message) => stream.sink.message(message),
        fault: (error) => stream.sink.fault(error),
        knows: (id) => this.#seen.has(id),
        delivered: (id) => {
          stream.lastEventId = id;
          reconnect.succeeded();
          this.#remember(id);
        },
        retry: (milliseconds) => reconnect.retryAfter(milliseconds),
      });
      return undefined;
    } catch (error) {
      if (isTransportError(error) && error.code === 'too-large') throw error;
      return error;
    }
  }

  #remember(id: string): void {
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > MAX_SEEN && oldest !== undefined) this.#seen.delete(oldest);
  }
}

function gap(cause: TransportError): TransportError {
  return new TransportError('resume-gap', 'the server can no longer say what was missed', { cause });
}

function ignore(): void {}
