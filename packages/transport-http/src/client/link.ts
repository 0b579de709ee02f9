import {
  bodyKind,
  checkedHeaders,
  discard,
  type MakeRequest,
  readJson,
  readRefusal,
  readStream,
  type ReplyLimits,
} from '@trunkline/http-host/client';
import {
  isRequest,
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
import { LegacyClientSession } from '../eras.ts';
import { envelopeOf } from './envelope.ts';
import { handOver, Lane } from './lane.ts';
import { LinkLife } from './link-life.ts';
import type { HttpClientOptions } from './options.ts';
import { systemPace, type Pace } from './pace.ts';

const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
const DEFAULT_IDLE_TIMEOUT = 300_000;
/** Milliseconds for which a server may think about forgetting a session. */
const PARTING = 2_000;

/** A link over HTTP: one POST per message, one reply per request. */
export class HttpLink implements Transport {
  readonly binding = { name: 'http', lanes: 'per-request' } as const;
  readonly closed: Promise<TransportClosed>;
  readonly #life = new LinkLife();
  readonly #request: MakeRequest;
  readonly #options: HttpClientOptions;
  readonly #session: LegacyClientSession;
  #receiver: Receiver | undefined;
  #closing: Promise<void> | undefined;

  constructor(request: MakeRequest, options: HttpClientOptions, pace: Pace = systemPace) {
    this.#request = request;
    this.#options = options;
    this.closed = this.#life.closed;
    this.#session = new LegacyClientSession({ request, reconnect: options.reconnect, pace });
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#receiver) throw misuse('start() was called twice; dial again for another link');
    this.#life.assertOpen();
    this.#receiver = receiver;
  }

  async send(message: JsonRpcRequest | JsonRpcNotification, options: SendOptions = {}): Promise<void> {
    if (!this.#receiver) throw misuse('send() was called before start()');
    this.#life.assertOpen();
    options.signal?.throwIfAborted();
    checkedHeaders(options.http?.headers);
    const body = encodeMessage(message);
    if (isRequest(message)) void this.#ask(message, body, options);
    else await this.#tell(message, body, options);
  }

  close(cause?: Error): Promise<void> {
    return (this.#closing ??= this.#close(cause));
  }

  async #close(cause: Error | undefined): Promise<void> {
    const { over } = this.#life;
    this.#life.end(cause ? { by: 'local', cause } : { by: 'local' });
    const { id, fields } = this.#session;
    if (over || id === undefined || this.#options.terminateOnClose === false) return;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PARTING);
    await this.#request({ method: 'DELETE', fields, signal: late.signal }).then(discard, ignore);
    clearTimeout(timer);
  }

  /** Sends a request. Whatever becomes of it is a message, a fault or an orphan. */
  #ask(message: JsonRpcRequest, body: string, options: SendOptions): Promise<void> {
    return this.#life.during(options, async (stop, forget) => {
      const lane = new Lane(message, { ...options, stop, settled: forget });
      try {
        await this.#readReply(await this.#post(message, body, options, lane.signal), lane);
        if (!lane.answered) throw lane.unanswered();
      } catch (error) {
        this.#notice(error);
        if (!lane.answered && !lane.signal.aborted) this.#orphan(message.id, error);
      } finally {
        lane.end();
      }
    });
  }

  async #readReply(response: Response, lane: Lane): Promise<void> {
    const { request, legacy, signal } = lane;
    const kind = bodyKind(response);
    const sink = lane.sink(this.#heard, this.#exchange(lane), kind === 'json' || !response.ok);
    if (legacy) this.#session.meet(response, request, this.#heard);
    if (!response.ok) {
      const inSession = legacy && this.#session.id !== undefined;
      const refusal = await readRefusal(response, { id: request.id, inSession, signal });
      if (refusal instanceof TransportError) throw refusal;
      await sink.message(refusal);
    } else if (kind === 'json') {
      await readJson(response, this.#limits(signal), sink);
    } else if (kind === 'stream') {
      const limits = this.#limits(signal);
      await (legacy ? this.#session.read(response, limits, sink, lane) : readStream(response, limits, sink));
    } else {
      discard(response);
      throw unreadable(response, request.method);
    }
  }

  /** Sends what is not answered; settles at the status. */
  #tell(message: JsonRpcMessage, body: string, options: SendOptions): Promise<void> {
    return this.#life.during(options, async ({ signal }) => {
      const response = await this.#post(message, body, options, signal);
      if (!response.ok) {
        const refusal = await readRefusal(response, { inSession: this.#session.id !== undefined, signal });
        this.#notice(refusal);
        throw refusal as TransportError;
      }
      discard(response);
      if ('method' in message && message.method === 'notifications/initialized')
        this.#listen(options.revision);
    });
  }

  #post(message: JsonRpcMessage, body: string, options: SendOptions, signal: AbortSignal): Promise<Response> {
    const fields = {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...envelopeOf(message, options),
      ...this.#session.fields,
    };
    return this.#request({ method: 'POST', fields, body, signal, headers: options.http?.headers });
  }

  /** Opens the stream on which a legacy server speaks first. */
  #listen(revision: string | undefined): void {
    void this.#life.during({ background: true }, async ({ signal }) => {
      const receiver = this.#heard;
      const exchange = this.#exchange();
      const sink = {
        message: (message: JsonRpcMessage) => handOver(receiver, message, exchange),
        fault: (error: TransportError) => receiver.fault?.(error, exchange),
      };
      try {
        await this.#session.listen(revision, this.#limits(signal), sink);
      } catch (error) {
        this.#notice(error);
        if (!signal.aborted && isTransportError(error)) sink.fault(error);
      }
    });
  }

  get #heard(): Receiver {
    return this.#receiver as Receiver;
  }

  #limits(signal: AbortSignal): ReplyLimits {
    const {
      maxMessageBytes = DEFAULT_MAX_BYTES,
      idleTimeout = DEFAULT_IDLE_TIMEOUT,
      message,
    } = this.#options;
    return { maxBytes: maxMessageBytes, idleTimeout, message, signal };
  }

  #exchange(lane?: Lane): Exchange {
    return {
      signal: this.#life.signal,
      origin: {},
      scope: this,
      ...(lane && { inReplyTo: lane.request.id }),
      send: (message) => this.#reply(message, lane),
      end: ignore,
    };
  }

  /** An answer to a legacy server travels in a POST of its own. */
  async #reply(message: JsonRpcMessage | EncodedResponse, lane: Lane | undefined): Promise<void> {
    if (lane?.legacy === false) throw misuse('clients do not answer servers in this revision');
    this.#life.assertOpen();
    const { revision } = this.#session;
    const body = encodeMessage(message);
    await this.#tell(message as JsonRpcMessage, body, revision === undefined ? {} : { revision });
  }

  /** A forgotten session ends the link, also where that is only what ended a stream. */
  #notice(error: unknown): void {
    if (!isTransportError(error)) return;
    if (error.code === 'expired') this.#life.expire(error);
    else this.#notice(error.cause);
  }

  #orphan(id: RequestId, error: unknown): void {
    const cause = isTransportError(error)
      ? error
      : new TransportError('stream-ended', 'the request could not be completed', { cause: error });
    this.#receiver?.orphaned?.(id, cause);
  }
}

function unreadable(response: Response, method: string): TransportError {
  const { status } = response;
  const type = response.headers.get('content-type');
  const empty = type === null || status === 202 || status === 204;
  return new TransportError(
    empty ? 'stream-ended' : 'malformed',
    `the server answered ${method} with status ${status} and ${empty ? 'nothing to read' : type}`,
    { status, delivery: 'answered' },
  );
}

function misuse(reason: string): TransportError {
  return new TransportError('misuse', reason, { delivery: 'not-sent' });
}

function ignore(): void {}
