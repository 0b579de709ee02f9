import type { JsonRpcMessage } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { Exchange, Receiver } from '../transport.ts';
import { openBatch, type Delivery } from './batch.ts';
import { decodeFrame, type DecodeLimits } from './decode.ts';

/** What an {@link Inbox} needs of its link. */
export interface InboxLink {
  readonly exchange: Exchange;
  readonly limits: DecodeLimits;
  /** Most frames in a row that may be unreadable. */
  readonly maxFaults: number;
  pause(): void;
  resume(): void;
  /** Sends a frame. */
  write(frame: string): Promise<void>;
  /** Ends the link. */
  fail(cause: TransportError): void;
}

/**
 * Frames on their way in: decoded and delivered within `frame`, in order. While a promise of the receiver is pending the
 * source is paused, and what it still brings waits here.
 */
export class Inbox {
  readonly #receiver: Receiver;
  readonly #link: InboxLink;
  readonly #backlog: Delivery[] = [];
  #paused = false;
  #stopped = false;
  #faults = 0;
  #ended: (() => void) | undefined;

  constructor(receiver: Receiver, link: InboxLink) {
    this.#receiver = receiver;
    this.#link = link;
  }

  frame(frame: string | JsonRpcMessage): void {
    if (this.#stopped || this.#ended) return;
    const decoded = typeof frame === 'string' ? decodeFrame(frame, this.#link.limits) : frame;
    if (decoded instanceof TransportError) return this.fault(decoded);
    this.#faults = 0;
    const { exchange } = this.#link;
    if (!Array.isArray(decoded)) return this.#take(decoded, exchange);
    const batch = openBatch(decoded, exchange, (answers) => this.#link.write(answers));
    for (const each of batch) this.#take(each.message, each.exchange);
  }

  /** Reports input that could not be delivered; too much of it in a row ends the link. */
  fault(error: TransportError): void {
    if (this.#stopped || this.#ended) return;
    this.#report(error, this.#link.exchange);
    if (++this.#faults < this.#link.maxFaults) return;
    const reason = `${this.#faults} unreadable messages in a row`;
    this.#link.fail(new TransportError('malformed', reason, { cause: error }));
  }

  /** Takes no more frames. Calls back once everything that came is delivered, or `stop` is called. */
  end(done: () => void): void {
    this.#ended = done;
    if (!this.#paused && this.#backlog.length === 0) done();
  }

  /** Delivers nothing any more. */
  stop(): void {
    this.#stopped = true;
    this.#backlog.length = 0;
    this.#ended?.();
  }

  #take(message: JsonRpcMessage, exchange: Exchange): void {
    if (this.#paused || this.#backlog.length > 0) this.#backlog.push({ message, exchange });
    else this.#deliver(message, exchange);
  }

  #deliver(message: JsonRpcMessage, exchange: Exchange): void {
    if (this.#stopped) return;
    try {
      const taken = this.#receiver.message(message, exchange);
      if (taken !== undefined) this.#pauseUntil(taken, exchange);
    } catch (cause) {
      this.#report(receiverThrew(cause), exchange);
    }
  }

  #pauseUntil(taken: Promise<void>, exchange: Exchange): void {
    this.#paused = true;
    if (!this.#ended) this.#link.pause();
    taken.then(
      () => this.#goOn(),
      (cause: unknown) => {
        this.#report(receiverThrew(cause), exchange);
        this.#goOn();
      },
    );
  }

  #goOn(): void {
    this.#paused = false;
    while (!this.#paused) {
      const next = this.#backlog.shift();
      if (next === undefined) break;
      this.#deliver(next.message, next.exchange);
    }
    if (this.#paused || this.#stopped) return;
    if (this.#ended) this.#ended();
    else this.#link.resume();
  }

  #report(error: TransportError, exchange: Exchange): void {
    try {
      this.#receiver.fault?.(error, exchange);
    } catch {
      // The receiver was the one to hear of it.
    }
  }
}

function receiverThrew(cause: unknown): TransportError {
  return new TransportError('misuse', 'the receiver threw; its message is lost', { cause });
}
