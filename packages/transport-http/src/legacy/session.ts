import { CallOrigin, type HttpCall } from '@trunkline/http-host';
import {
  LATEST,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '@trunkline/protocol';
import {
  encodeMessage,
  TransportError,
  type Binding,
  type Receiver,
  type SendOptions,
  type Transport,
  type TransportClosed,
} from '@trunkline/transport';
import type { Core, Owed } from '../server/core.ts';
import type { LegacyOptions } from '../server/options.ts';
import { AmbientLane } from './ambient-lane.ts';
import { decodeEventId } from './event-id.ts';
import { EventLog } from './event-log.ts';
import { LaneExchange, PostLane, type LaneHome } from './post-lane.ts';
import { ReplyStream } from './reply-stream.ts';
import type { Store } from '@trunkline/store';

/** What a session is made of. */
export interface SessionSettings {
  readonly core: Core;
  readonly store: Store;
  readonly options: LegacyOptions;
  /** Hears that the session has ended, once. */
  readonly ended: (session: LegacySession) => void;
}

/**
 * One legacy session as a link: it lives on between requests, and its server may speak first.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#session-management
 */
export class LegacySession implements Transport, LaneHome {
  readonly binding: Binding = { name: 'http', lanes: 'per-request' };
  readonly closed: Promise<TransportClosed>;
  readonly id: string;
  /** Who may use it: nobody else, whatever id they know. */
  readonly principal: string;
  readonly core: Core;
  readonly log: EventLog | undefined;
  readonly scope: object = this;
  readonly alwaysStreams: boolean;
  /** What `initialize` agreed on. */
  revision: string | undefined;
  readonly #settings: SessionSettings;
  readonly #ambient: AmbientLane;
  readonly #streams = new Map<string, ReplyStream>();
  readonly #lanes = new Set<Owed>();
  readonly #tagPrefix = crypto.randomUUID().slice(0, 8);
  #tags = 0;
  #abort: AbortController | undefined;
  #receiver: Receiver | undefined;
  #resolveClosed: (closed: TransportClosed) => void = () => {};
  #over = false;

  constructor(id: string, principal: string, settings: SessionSettings) {
    const { core, store, options } = settings;
    this.id = id;
    this.principal = principal;
    this.core = core;
    this.#settings = settings;
    this.alwaysStreams = options.answers === 'stream';
    this.log = options.resumption === false ? undefined : new EventLog(store, id, options.resumption ?? {});
    this.#ambient = new AmbientLane(new ReplyStream(AMBIENT, this), options.maxWaiting ?? 1024);
    this.closed = new Promise((resolve) => (this.#resolveClosed = resolve));
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#over) this.#abort.abort(sessionEnded());
    }
    return this.#abort.signal;
  }

  /** Clients of older revisions would take an event without data for a message. */
  get primes(): boolean {
    return this.log !== undefined && this.revision !== undefined && this.revision >= LATEST.legacy;
  }

  get ended(): boolean {
    return this.#over;
  }

  /** Whether somebody listens or waits. */
  get busy(): boolean {
    return this.#lanes.size > 0 || this.#ambient.connected;
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#receiver) throw new TransportError('misuse', 'start() was called twice');
    this.#receiver = receiver;
  }

  async send(message: JsonRpcRequest | JsonRpcNotification, options: SendOptions = {}): Promise<void> {
    if (!this.#receiver) throw new TransportError('misuse', 'send() before start()');
    if (this.#over) throw sessionEnded();
    await this.#ambient.send(encodeMessage(message), options.signal);
  }

  async close(cause?: Error): Promise<void> {
    this.end({ by: 'local', ...(cause && { cause }) });
  }

  /** Ends the session: whoever waits is told, whatever is kept of it is forgotten by its table. */
  end(closed: TransportClosed): void {
    if (this.#over) return;
    this.#over = true;
    const error = sessionEnded(closed.cause);
    this.#abort?.abort(error);
    this.#resolveClosed(closed);
    for (const lane of this.#lanes) lane.abandon();
    this.#ambient.close(error);
    for (const stream of this.#streams.values()) stream.abandon();
    this.#settings.ended(this);
  }

  /** Takes what came in one POST. */
  async post(call: HttpCall, received: JsonRpcMessage | JsonRpcMessage[]): Promise<void> {
    const lane = new PostLane(this, call, received, new CallOrigin(call, this.revision, this.id));
    for (const message of Array.isArray(received) ? received : [received]) {
      const held = this.#receiver?.message(message, new LaneExchange(lane, message));
      if (held) await held;
    }
    lane.delivered();
  }

  /** Delivers a message whose answer goes elsewhere. */
  deliver(message: JsonRpcMessage, exchange: Parameters<Receiver['message']>[1]): void {
    void this.#receiver?.message(message, exchange);
  }

  /** The client listens to what the server says first. */
  listen(call: HttpCall): void {
    this.#ambient.open(call);
  }

  /** The client lost a stream and wants what came after this event. */
  async resume(call: HttpCall, eventId: string): Promise<void> {
    const place = decodeEventId(eventId);
    if (!place || !this.log)
      return call.refuse(400, 'Last-Event-ID is not the id of an event of this server');
    if (place.stream === AMBIENT) return this.#ambient.resume(call, place.cursor);
    const stream = this.#streams.get(place.stream);
    if (!stream) return call.refuse(410, 'the stream of this event is no longer kept');
    await stream.resume(call, place.cursor);
  }

  /** Lets the client go from the stream that would not end on its own. */
  drain(): void {
    this.#ambient.release(RETRY_AFTER_DRAIN);
  }

  createStream(): ReplyStream {
    const stream = new ReplyStream(`${this.#tagPrefix}${(this.#tags++).toString(36)}`, this);
    if (!this.log) return stream;
    this.#streams.set(stream.tag, stream);
    // Their events are bounded together, so streams that nobody can resume any more are few.
    for (const [tag, oldest] of this.#streams) {
      if (this.#streams.size <= MAX_STREAMS) break;
      if (oldest.finished) this.#streams.delete(tag);
    }
    return stream;
  }

  laneWaits(lane: Owed): void {
    this.#lanes.add(lane);
  }

  laneEnded(lane: Owed): void {
    this.#lanes.delete(lane);
  }

  laneLost(): void {}
}

const AMBIENT = 'a';
const MAX_STREAMS = 500;
const RETRY_AFTER_DRAIN = 1_000;

function sessionEnded(cause?: Error): TransportError {
  return new TransportError('closed', 'the session has ended', {
    delivery: 'not-sent',
    ...(cause && { cause }),
  });
}
