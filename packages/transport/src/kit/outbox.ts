import type { Delivery, JsonRpcMessage } from '@trunkline/protocol';
import { isTransportError, TransportError } from '../transport-error.ts';

/** A frame that waits to be written, or for room after it was. Settles once. */
interface Waiting<Frame> {
  readonly frame: Frame;
  settle(error?: unknown): void;
}

/**
 * Frames on their way out, in order. While there is room a frame is written within `send`; else frames wait, up to
 * `maxWaiting` UTF-16 units. Every promise settles: on room, on a failed write, on abort, on `close`.
 */
export class Outbox<Frame extends string | JsonRpcMessage = string> {
  readonly #write: (frame: Frame) => Promise<void> | void;
  readonly #maxWaiting: number;
  readonly #queue: Set<Waiting<Frame>> = new Set();
  #waitingUnits = 0;
  #hasRoom = false;
  #last: Waiting<Frame> | undefined;
  #closed = false;
  #cause: Error | undefined;

  constructor(write: (frame: Frame) => Promise<void> | void, maxWaiting: number) {
    this.#write = write;
    this.#maxWaiting = maxWaiting;
  }

  /** Begins to write. What was sent earlier has waited. */
  open(): void {
    this.#drain();
  }

  /** Sends one frame. On abort it rejects with `signal.reason`, and a frame that is not yet written never will be. */
  send(frame: Frame, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#closed) return Promise.reject(linkClosed(this.#cause, 'not-sent'));
    if (this.#hasRoom && this.#queue.size === 0) return this.#sendNow(frame, signal);
    const units = unitsOf(frame);
    if (this.#waitingUnits + units > this.#maxWaiting) {
      const reason = `the peer does not read, and ${this.#waitingUnits} characters wait for it already`;
      return Promise.reject(new TransportError('overloaded', reason, { delivery: 'not-sent' }));
    }
    return this.#wait(frame, signal, (waiting) => {
      this.#queue.add(waiting);
      this.#waitingUnits += units;
    });
  }

  /** Rejects whatever waits, and all that is sent later. */
  close(cause: Error | undefined): void {
    this.#closed = true;
    this.#hasRoom = false;
    this.#cause = cause;
    this.#last?.settle(linkClosed(cause));
    for (const waiting of this.#queue) waiting.settle(linkClosed(this.#cause, 'not-sent'));
    this.#queue.clear();
  }

  #sendNow(frame: Frame, signal: AbortSignal | undefined): Promise<void> {
    try {
      const room = this.#write(frame) ?? undefined;
      return room ? this.#wait(frame, signal, (waiting) => this.#awaitRoom(waiting, room)) : TAKEN;
    } catch (cause) {
      return Promise.reject(notSent(cause));
    }
  }

  #wait(
    frame: Frame,
    signal: AbortSignal | undefined,
    enter: (waiting: Waiting<Frame>) => void,
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        if (this.#queue.delete(waiting)) this.#waitingUnits -= unitsOf(frame);
        waiting.settle(signal?.reason);
      };
      const waiting: Waiting<Frame> = {
        frame,
        settle(error) {
          signal?.removeEventListener('abort', abort);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      signal?.addEventListener('abort', abort);
      enter(waiting);
    });
  }

  #drain(): void {
    this.#hasRoom = !this.#closed;
    for (const waiting of this.#queue) {
      if (!this.#hasRoom) return;
      this.#queue.delete(waiting);
      this.#waitingUnits -= unitsOf(waiting.frame);
      this.#writeWaiting(waiting);
    }
  }

  #writeWaiting(waiting: Waiting<Frame>): void {
    try {
      const room = this.#write(waiting.frame) ?? undefined;
      if (room) this.#awaitRoom(waiting, room);
      else waiting.settle();
    } catch (cause) {
      waiting.settle(notSent(cause));
    }
  }

  #awaitRoom(waiting: Waiting<Frame>, room: Promise<void>): void {
    this.#hasRoom = false;
    this.#last = waiting;
    const go = (error?: unknown): void => {
      this.#last = undefined;
      waiting.settle(error);
      this.#drain();
    };
    room.then(
      () => go(),
      (cause: unknown) => go(notSent(cause)),
    );
  }
}

/** The error of what is sent on, or waits for, a link that has ended. */
export function linkClosed(cause: Error | undefined, delivery: Delivery = 'unknown'): TransportError {
  return new TransportError('closed', 'the link is closed', cause ? { delivery, cause } : { delivery });
}

/** What a waiting frame counts; a message as much as its text. */
function unitsOf(frame: string | JsonRpcMessage): number {
  return typeof frame === 'string' ? frame.length : JSON.stringify(frame).length;
}

const TAKEN: Promise<void> = Promise.resolve();

function notSent(cause: unknown): TransportError {
  return isTransportError(cause)
    ? cause
    : new TransportError('not-sent', 'the frame could not be written', { cause });
}
