import type { HttpCall } from '@trunkline/http-host';
import {
  ErrorCode,
  isRequest,
  type JsonRpcErrorResponse,
  type JsonRpcMessage,
  type RequestId,
} from '@trunkline/protocol';
import {
  encodeMessage,
  TransportError,
  type Batch,
  type DetachOptions,
  type EncodedResponse,
  type Exchange,
  type Origin,
} from '@trunkline/transport';
import { answerError, clientLeft, endedEarly, fieldsFor, SENT } from '../server/answers.ts';
import type { Owed, Undecided } from '../server/core.ts';
import type { ReplyStream, StreamHome } from './reply-stream.ts';

/** What the reply to a POST needs of the session it belongs to, or of the call where there is none. */
export interface LaneHome extends StreamHome {
  readonly signal: AbortSignal;
  /** Ids of the client are unique within this. */
  readonly scope: object;
  /** Whether every reply is a stream. */
  readonly alwaysStreams: boolean;
  /** A stream for one reply. */
  createStream(): ReplyStream;
  /** A lane waits for its answers, until `laneEnded`. */
  laneWaits(lane: Owed): void;
  laneEnded(lane: Owed): void;
  /** The client of a waiting lane left. */
  laneLost(): void;
}

/**
 * The reply to one POST: as many answers as it has requests, in plain JSON unless something else must be said first. A client
 * that leaves cancels nothing. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
 */
export class PostLane implements Undecided, Owed {
  readonly batch: Batch | undefined;
  readonly home: LaneHome;
  readonly origin: Origin;
  readonly #call: HttpCall;
  readonly #unanswered = new Set<RequestId>();
  readonly #answers: string[] = [];
  #status = 200;
  #stream: ReplyStream | undefined;
  #lost = false;
  #over = false;

  constructor(home: LaneHome, call: HttpCall, received: JsonRpcMessage | JsonRpcMessage[], origin: Origin) {
    this.home = home;
    this.origin = origin;
    this.#call = call;
    const messages = Array.isArray(received) ? received : undefined;
    this.batch = messages && { messages, refuse: (answer) => this.#refuse(answer) };
    for (const message of messages ?? [received as JsonRpcMessage]) {
      if (isRequest(message)) this.#unanswered.add(message.id);
    }
    if (home.alwaysStreams && this.#unanswered.size > 0) this.openStream();
  }

  /** Everything was delivered. What did not come at once is waited for. */
  delivered(): void {
    if (this.#over) return;
    if (this.#unanswered.size === 0) return this.#complete();
    this.home.laneWaits(this);
    if (!this.#stream) this.home.core.undecided.add(this);
    this.#call.onGone(() => {
      this.#lost = true;
      this.home.laneLost();
    });
  }

  /** Sends on behalf of the request with this id. */
  send(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    if (this.#over) return Promise.reject(clientLeft());
    try {
      const text = encodeMessage(message);
      if (!('method' in message)) return this.#answer(message, text);
      if (this.#unanswered.size === 0) throw new TransportError('misuse', 'a notification has no way back');
      this.openStream();
      return this.#write(text);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** No answer will follow to the request with this id. */
  end(id: RequestId): void {
    if (this.#unanswered.delete(id) && this.#unanswered.size === 0) this.#complete();
  }

  openStream(): void {
    if (this.#stream || this.#over || this.#lost) return;
    this.home.core.undecided.delete(this);
    this.#stream = this.home.createStream();
    this.#stream.connect(this.#call);
    for (const text of this.#answers.splice(0)) this.#write(text).catch(ignore);
  }

  /** Lets the client go, where it can come back. */
  detach({ retryMs }: DetachOptions): void {
    if (!this.home.primes) return;
    this.openStream();
    this.#stream?.release(retryMs);
  }

  abandon(): void {
    const errors = [...this.#unanswered].map((id) =>
      endedEarly(id, 'the session ended before the answer came'),
    );
    this.#finish();
    for (const error of errors) this.#stream?.tell(error);
    this.#stream?.abandon();
    this.#answers.push(...errors);
    this.#replyPlainly();
  }

  #answer(
    message: Exclude<JsonRpcMessage, { method: string }> | EncodedResponse,
    text: string,
  ): Promise<void> {
    if (message.id === undefined || !this.#unanswered.delete(message.id)) return SENT;
    if (!this.#stream) {
      this.#answers.push(text);
      if (!this.batch && 'error' in message && message.error.code === ErrorCode.ServerBusy)
        this.#status = 429;
      if (this.#unanswered.size === 0) this.#complete();
      return SENT;
    }
    const sent = this.#write(text);
    if (this.#unanswered.size === 0) this.#complete();
    return sent;
  }

  /** What cannot be stored is not sent: a client that lost it could never know. */
  async #write(text: string): Promise<void> {
    try {
      await this.#stream?.send(text);
    } catch (cause) {
      this.home.core.host.onError(cause);
      this.#finish();
      const reason = 'this reply could not be kept for resumption, so it ends here';
      for (const id of this.#unanswered) this.#stream?.tell(endedEarly(id, reason));
      this.#stream?.abandon();
      throw new TransportError('not-sent', reason, { cause });
    }
  }

  #refuse(answer: JsonRpcErrorResponse): void {
    if (this.#over) return;
    this.#finish();
    answerError(this.#call, 400, answer.id, answer.error);
  }

  #complete(): void {
    this.#finish();
    if (this.#stream) this.#stream.end();
    else this.#replyPlainly();
  }

  #replyPlainly(): void {
    if (this.#answers.length === 0) return this.#call.reply(202, {});
    const body = this.batch ? `[${this.#answers.join(',')}]` : (this.#answers[0] ?? '');
    this.#call.reply(this.#status, fieldsFor(this.#status), body);
  }

  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    this.home.core.undecided.delete(this);
    this.home.laneEnded(this);
  }
}

/** One message of a POST and its part of the reply. */
export class LaneExchange implements Exchange {
  readonly batch?: Batch;
  readonly #lane: PostLane;
  readonly #id: RequestId | undefined;

  constructor(lane: PostLane, message: JsonRpcMessage) {
    this.#lane = lane;
    this.#id = isRequest(message) ? message.id : undefined;
    if (lane.batch) this.batch = lane.batch;
  }

  get signal(): AbortSignal {
    return this.#lane.home.signal;
  }

  get origin(): Origin {
    return this.#lane.origin;
  }

  get scope(): object {
    return this.#lane.home.scope;
  }

  send(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    return this.#lane.send(message);
  }

  detach(options: DetachOptions = {}): void {
    this.#lane.detach(options);
  }

  end(): void {
    if (this.#id !== undefined) this.#lane.end(this.#id);
  }
}

/** It was told to `onError`, and to the client. */
function ignore(): void {}
