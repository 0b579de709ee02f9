import { isRequest, type JsonRpcMessage, type RequestId } from '@trunkline/protocol';
import { TransportError } from '../transport-error.ts';
import type { Exchange, SendOptions, Transport } from '../transport.ts';

/** Remembers which exchange a request of the peer came on, for those who answer with nothing but an id. */
export class ReplyRoutes {
  readonly #transport: Transport;
  readonly #routes: Map<RequestId, Exchange> = new Map();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Takes note of an inbound message. Of more than 1,024 unanswered requests the oldest is given up. */
  note(message: JsonRpcMessage, exchange: Exchange): void {
    if (!isRequest(message)) return;
    this.#routes.set(message.id, exchange);
    if (this.#routes.size <= MAX_UNANSWERED) return;
    for (const [oldest, route] of this.#routes) {
      this.#routes.delete(oldest);
      return route.end();
    }
  }

  /** Sends a response where its request came from, and anything else to the peer. */
  async send(message: JsonRpcMessage, options?: SendOptions): Promise<void> {
    if ('method' in message) return this.#transport.send(message, options);
    const route = message.id === undefined ? undefined : this.#routes.get(message.id);
    if (route === undefined || message.id === undefined) {
      throw new TransportError('misuse', `nobody waits for the response ${JSON.stringify(message.id)}`, {
        delivery: 'not-sent',
      });
    }
    this.#routes.delete(message.id);
    await route.send(message);
  }
}

const MAX_UNANSWERED = 1024;
