import { CallOrigin, type EventStream, type HttpCall } from '@trunkline/http-host';
import type { JsonRpcMessage, RequestId } from '@trunkline/protocol';
import {
  encodeMessage,
  TransportError,
  type EncodedResponse,
  type Exchange,
  type Origin,
} from '@trunkline/transport';
import { clientLeft, endedEarly, fieldsFor, SENT } from '../server/answers.ts';
import type { Core, Owed, Undecided } from '../server/core.ts';
import { statusOf } from './status.ts';

/** One request and its reply: plain JSON, or a stream once something is said before the answer. The client's leaving aborts it. */
export class ModernExchange implements Exchange, Undecided, Owed {
  readonly origin: Origin;
  readonly #core: Core;
  readonly #call: HttpCall;
  readonly #id: RequestId;
  #stream: EventStream | undefined;
  #abort: AbortController | undefined;
  #over = false;

  constructor(core: Core, call: HttpCall, id: RequestId, revision: string) {
    this.#core = core;
    this.#call = call;
    this.#id = id;
    this.origin = new CallOrigin(call, revision);
  }

  get signal(): AbortSignal {
    this.#abort ??= new AbortController();
    return this.#abort.signal;
  }

  /** Nothing else tells the ids of one client from those of another. */
  get scope(): object {
    return this;
  }

  /** To be called when the answer did not come at once. */
  wait(): void {
    if (this.#over) return;
    this.#core.owed.add(this);
    if (!this.#stream) this.#core.undecided.add(this);
    this.#call.onGone(() => this.#leave());
  }

  send(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    if (this.#over) return Promise.reject(clientLeft());
    try {
      return 'method' in message ? this.#tell(message) : this.#answer(message);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  end(): void {
    if (this.#over) return;
    this.#finish();
    if (this.#stream) this.#stream.end();
    else this.#call.reply(202, {});
  }

  abandon(): void {
    const data = endedEarly(this.#id, 'the server closed before the answer came');
    void this.#stream?.send({ event: 'message', data });
    this.#stream?.end();
    this.#call.reply(200, fieldsFor(200), data);
    this.#leave();
  }

  openStream(): void {
    if (this.#stream) return;
    this.#core.undecided.delete(this);
    this.#stream = this.#core.streams.open(this.#call);
  }

  #tell(message: JsonRpcMessage): Promise<void> {
    if ('id' in message) {
      throw new TransportError(
        'misuse',
        'servers ask clients nothing in this revision; return input_required',
        {
          delivery: 'not-sent',
        },
      );
    }
    const data = encodeMessage(message);
    this.openStream();
    return this.#stream?.send({ event: 'message', data }) ?? SENT;
  }

  #answer(message: JsonRpcMessage | EncodedResponse): Promise<void> {
    const data = encodeMessage(message);
    this.#finish();
    if (!this.#stream) {
      const status = statusOf(message);
      this.#call.reply(status, fieldsFor(status), data);
      return SENT;
    }
    const sent = this.#stream.send({ event: 'message', data }) ?? SENT;
    this.#stream.end();
    return sent;
  }

  #finish(): void {
    this.#over = true;
    this.#core.undecided.delete(this);
    this.#core.owed.delete(this);
  }

  #leave(): void {
    if (this.#over) return;
    this.#finish();
    (this.#abort ??= new AbortController()).abort(clientLeft());
  }
}
