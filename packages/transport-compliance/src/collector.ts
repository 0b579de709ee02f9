import { isRequest, type JsonRpcMessage, type RequestId } from '@trunkline/protocol';
import type { Exchange, Receiver, TransportError } from '@trunkline/transport';

/** A receiver that keeps everything it is told, and says when enough has come. */
export class Collector implements Receiver {
  readonly messages: JsonRpcMessage[] = [];
  readonly exchanges: Exchange[] = [];
  readonly faults: TransportError[] = [];
  readonly orphans: { readonly id: RequestId; readonly cause: TransportError }[] = [];
  readonly #react: Receiver['message'];
  readonly #watchers: Set<() => void> = new Set();

  constructor(react: Receiver['message'] = () => undefined) {
    this.#react = react;
  }

  message(message: JsonRpcMessage, exchange: Exchange): void | Promise<void> {
    this.messages.push(message);
    this.exchanges.push(exchange);
    this.#changed();
    return this.#react(message, exchange);
  }

  fault(error: TransportError): void {
    this.faults.push(error);
    this.#changed();
  }

  orphaned(id: RequestId, cause: TransportError): void {
    this.orphans.push({ id, cause });
    this.#changed();
  }

  /** Resolves once the condition holds; looks whenever something came. */
  until(condition: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!condition()) return;
        this.#watchers.delete(look);
        resolve();
      };
      this.#watchers.add(look);
      look();
    });
  }

  /** Forgets the messages that came and their exchanges. */
  forget(): void {
    this.messages.length = 0;
    this.exchanges.length = 0;
  }

  #changed(): void {
    for (const look of this.#watchers) look();
  }
}

/** Sends without waiting. A link that ends meanwhile is not this sender's business. */
export function post(exchange: Exchange, message: Parameters<Exchange['send']>[0]): void {
  exchange.send(message).catch(() => {});
}

/** Answers every request with its own params, and takes note of everything else. */
export const echo: Receiver['message'] = (message, exchange) => {
  if (isRequest(message))
    post(exchange, { jsonrpc: '2.0', id: message.id, result: { echo: message.params ?? {} } });
  else exchange.end();
};
