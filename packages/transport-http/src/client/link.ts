import {
  bodyKind,
  readJson,
  readRefusal,
  readStream,
  request,
  type ReplySink,
} from '@trunkline/http-host/client';
import {
  findRevision,
  isRequest,
  isResponse,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type RequestId,
} from '@trunkline/protocol';
import {
  encodeMessage,
  isTransportError,
  TransportError,
  type EncodedResponse,
  type Exchange,
  type Receiver,
  type SendOptions,
  type Transport,
  type TransportClosed,
} from '@trunkline/transport';
import { LegacyClientSession } from '../legacy/client-session.ts';
import { assertForeign, envelopeOf } from './envelope.ts';
import type { HttpClientOptions } from './options.ts';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** Milliseconds that a server may take to end a stream whose answer has come. */
const LINGER = 1_000;

/** One lane: a request of ours and the reply that belongs to it. */
interface Lane {
  readonly id: RequestId;
  readonly signal: AbortSignal;
  readonly legacy: boolean;
  answered: boolean;
  readonly linger: () => void;
}

/** A link over HTTP: one POST per message, one reply per request. */
export class HttpLink implements Transport {
  readonly binding = { name: 'http', lanes: 'per-request' } as const;
  readonly closed: Promise<TransportClosed>;
  readonly #url: string;
  readonly #options: HttpClientOptions;
  readonly #gone = new AbortController();
  readonly #session: LegacyClientSession<Lane>;
  #receiver: Receiver | undefined;
  #finish: (closed: TransportClosed) => void = () => {};

  constructor(url: string, options: HttpClientOptions) {
    this.#url = url;
    this.#options = options;
    this.closed = new Promise((resolve) => (this.#finish = resolve));
    this.#session = new LegacyClientSession({
      reconnect: options.reconnect,
      signal: this.#gone.signal,
      maxBytes: this.#maxBytes,
      get: (fields) =>
        this.#request('GET', { accept: 'text/event-stream', ...fields }, undefined, this.#gone.signal),
      sink: (lane) => this.#sink(lane),
      expired: (error) => this.#end({ by: 'remote', cause: error }),
    });
  }

  get #maxBytes(): number {
    return this.#options.maxMessageBytes ?? DEFAULT_MAX_BYTES;
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#receiver)
      throw new TransportError('misuse', 'start() was called twice; dial again for another link');
    this.#receiver = receiver;
  }

  async send(message: JsonRpcRequest | JsonRpcNotification, options: SendOptions = {}): Promise<void> {
    this.#assertOpen();
    options.signal?.throwIfAborted();
    const body = encodeMessage(message);
    if (isRequest(message)) void this.#ask(message, body, options);
    else await this.#tell(message, body, options);
  }

  async close(cause?: Error): Promise<void> {
    if (this.#gone.signal.aborted) return;
    const fields = this.#session.fields;
    this.#end({ by: 'local', ...(cause && { cause }) });
    if (this.#session.id === undefined || this.#options.terminateOnClose === false) return;
    await this.#request('DELETE', fields, undefined, AbortSignal.timeout(2_000)).then(
      (response) => response.body?.cancel(),
      ignore,
    );
  }

  #end(closed: TransportClosed): void {
    if (this.#gone.signal.aborted) return;
    this.#finish(closed);
    this.#gone.abort(
      new TransportError('closed', 'the link is closed', closed.cause ? { cause: closed.cause } : {}),
    );
  }

  #assertOpen(): void {
    if (!this.#receiver) throw new TransportError('misuse', 'send() before start()');
    if (this.#gone.signal.aborted)
      throw new TransportError('closed', 'the link is closed', { delivery: 'not-sent' });
  }

  /** Sends a request; whatever becomes of it is a message or an orphan. */
  async #ask(message: JsonRpcRequest, body: string, options: SendOptions): Promise<void> {
    const stop = new AbortController();
    const lane = this.#laneOf(message, options, stop);
    try {
      const response = await this.#post(message, body, options, lane.signal);
      await this.#readReply(response, message, lane);
      if (!lane.answered)
        throw new TransportError(
          'stream-ended',
          `the answer to ${message.method} never came, though its lane ended`,
        );
    } catch (error) {
      if (!lane.answered && !options.signal?.aborted && !this.#gone.signal.aborted)
        this.#orphan(message.id, error);
    }
  }

  #laneOf({ id }: JsonRpcRequest, { signal, revision }: SendOptions, stop: AbortController): Lane {
    const legacy = revision === undefined || findRevision(revision)?.era === 'legacy';
    return {
      id,
      legacy,
      answered: false,
      signal: AbortSignal.any([this.#gone.signal, stop.signal, ...(signal ? [signal] : [])]),
      linger: () => void setTimeout(() => stop.abort(), LINGER),
    };
  }

  async #readReply(response: Response, message: JsonRpcRequest, lane: Lane): Promise<void> {
    if (lane.legacy && message.method === 'initialize' && response.ok) this.#session.open(response);
    if (response.status < 200 || response.status > 299) {
      const refusal = await readRefusal(response, message.id, lane.legacy && this.#session.id !== undefined);
      if (refusal instanceof TransportError) throw this.#noticed(refusal);
      return this.#sink(lane).message(refusal);
    }
    const kind = bodyKind(response);
    if (kind === 'json')
      return readJson(response, { maxBytes: this.#maxBytes, maxLength: this.#maxBytes }, this.#sink(lane));
    if (kind === 'stream')
      return lane.legacy
        ? this.#session.read(response, lane)
        : readStream(response, this.#maxBytes, this.#sink(lane));
    await response.body?.cancel();
    throw new TransportError(
      'stream-ended',
      `the server answered ${message.method} with status ${response.status} and nothing to read`,
      { status: response.status },
    );
  }

  /** Sends what is not answered; settles at the status. */
  async #tell(message: JsonRpcMessage, body: string, options: SendOptions): Promise<void> {
    const signal = options.signal ? AbortSignal.any([this.#gone.signal, options.signal]) : this.#gone.signal;
    const response = await this.#post(message, body, options, signal);
    if (!response.ok)
      throw this.#noticed(
        (await readRefusal(response, undefined, this.#session.id !== undefined)) as TransportError,
      );
    await response.body?.cancel();
    if ('method' in message && message.method === 'notifications/initialized')
      this.#session.listen(options.revision);
  }

  #post(message: JsonRpcMessage, body: string, options: SendOptions, signal: AbortSignal): Promise<Response> {
    const fields = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...envelopeOf(message, options),
      ...this.#session.fields,
    };
    return this.#request('POST', fields, body, signal);
  }

  async #request(
    method: 'POST' | 'GET' | 'DELETE',
    fields: Record<string, string>,
    body: string | undefined,
    signal: AbortSignal,
  ): Promise<Response> {
    const { headers = {}, fetch = globalThis.fetch } = this.#options;
    const own = typeof headers === 'function' ? await headers() : headers;
    assertForeign(own);
    return request(fetch, {
      url: this.#url,
      method,
      headers: { ...own, ...fields },
      signal,
      ...(body !== undefined && { body }),
    });
  }

  /** Delivers what comes on a lane, or on the stream that belongs to none. */
  #sink(lane: Lane | undefined): ReplySink {
    const exchange = this.#exchange(lane);
    return {
      message: (message) => {
        if (lane && isResponse(message) && (message.id === lane.id || (message.id ?? null) === null)) {
          lane.answered = true;
          lane.linger();
        }
        return this.#receiver?.message(message, exchange);
      },
      fault: (error) => this.#receiver?.fault?.(error, exchange),
    };
  }

  #exchange(lane: Lane | undefined): Exchange {
    return {
      signal: this.#gone.signal,
      origin: {},
      scope: this,
      ...(lane && { inReplyTo: lane.id }),
      send: (message) => this.#reply(message, lane?.legacy !== false),
      end: () => {},
    };
  }

  /** An answer to a legacy server travels in a POST of its own. */
  async #reply(message: JsonRpcMessage | EncodedResponse, allowed: boolean): Promise<void> {
    if (!allowed) throw new TransportError('misuse', 'clients do not answer servers in this revision');
    const body = encodeMessage(message);
    await this.#tell(
      message as JsonRpcMessage,
      body,
      this.#session.revision === undefined ? {} : { revision: this.#session.revision },
    );
  }

  /** A forgotten session ends the link; the session above opens another. */
  #noticed(error: TransportError): TransportError {
    if (error.code === 'expired') queueMicrotask(() => this.#end({ by: 'remote', cause: error }));
    return error;
  }

  #orphan(id: RequestId, error: unknown): void {
    const cause = isTransportError(error)
      ? error
      : new TransportError('stream-ended', 'the request could not be completed', { cause: error });
    this.#receiver?.orphaned?.(id, cause);
  }
}

function ignore(): void {}
