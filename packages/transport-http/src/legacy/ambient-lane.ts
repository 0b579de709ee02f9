import type { HttpCall } from '@trunkline/http-host';
import { TransportError } from '@trunkline/transport';
import type { ReplyStream } from './reply-stream.ts';

interface Waiting {
  readonly text: string;
  readonly resolve: (outcome: PromiseLike<void>) => void;
  readonly reject: (error: Error) => void;
  /** Stops minding the sender's signal. */
  readonly forget: () => void;
}

/**
 * The stream on which the server speaks first. While the client does not read it, messages wait, so whoever sends many
 * changes can put them together. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#listening-for-messages-from-the-server
 */
export class AmbientLane {
  readonly #stream: ReplyStream;
  readonly #maxWaiting: number;
  readonly #waiting = new Set<Waiting>();

  constructor(stream: ReplyStream, maxWaiting: number) {
    this.#stream = stream;
    this.#maxWaiting = maxWaiting;
  }

  get connected(): boolean {
    return this.#stream.connected;
  }

  /** Sends now, or when the client reads. Rejects with `overloaded` when too many wait, with the signal's reason on abort. */
  send(text: string, signal: AbortSignal | undefined): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason as Error);
    if (this.#stream.connected) return this.#stream.send(text);
    if (this.#waiting.size >= this.#maxWaiting) {
      const reason = `the client does not listen, and ${this.#maxWaiting} messages wait for it already`;
      return Promise.reject(new TransportError('overloaded', reason, { delivery: 'not-sent' }));
    }
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#waiting.delete(waiting);
        reject(signal?.reason as Error);
      };
      const forget = (): void => signal?.removeEventListener('abort', abort);
      const waiting: Waiting = { text, resolve, reject, forget };
      this.#waiting.add(waiting);
      signal?.addEventListener('abort', abort);
    });
  }

  /** The client listens. A second connection is refused with 409 and never replaces the first. */
  open(call: HttpCall): void {
    if (this.#stream.connected) {
      return call.refuse(
        409,
        'this session has a connection on which the server speaks; close that one first',
      );
    }
    this.#stream.connect(call);
    this.#flush();
  }

  /** The client listens again, after an event that it has. */
  async resume(call: HttpCall, cursor: number): Promise<void> {
    await this.#stream.resume(call, cursor);
    if (this.#stream.connected) this.#flush();
  }

  /** Lets the client go, which may come back. */
  release(retry: number): void {
    this.#stream.release(retry);
  }

  /** Ends the stream; what waits is rejected. */
  close(error: Error): void {
    this.#stream.abandon();
    for (const { reject, forget } of this.#waiting) {
      forget();
      reject(error);
    }
    this.#waiting.clear();
  }

  #flush(): void {
    for (const { text, resolve, forget } of this.#waiting) {
      forget();
      resolve(this.#stream.send(text));
    }
    this.#waiting.clear();
  }
}
