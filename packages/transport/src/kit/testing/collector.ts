import { isRequest, type JsonRpcMessage } from '@trunkline/protocol';
import type { TransportError } from '../../transport-error.ts';
import type { Receiver } from '../../transport.ts';

/** A receiver that keeps what it gets and lets a test wait for it. */
export interface Collector extends Receiver {
  readonly messages: JsonRpcMessage[];
  readonly faults: TransportError[];
  /** Resolves when so many messages are there; gives up after 2 s. */
  until(count: number): Promise<readonly JsonRpcMessage[]>;
}

export function collector(react: Receiver['message'] = () => undefined): Collector {
  const messages: JsonRpcMessage[] = [];
  const faults: TransportError[] = [];
  let check = (): void => {};
  return {
    messages,
    faults,
    message(message, exchange) {
      messages.push(message);
      check();
      return react(message, exchange);
    },
    fault: (error) => void faults.push(error),
    until: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(
          () => reject(new Error(`${messages.length} of ${count} messages came`)),
          2000,
        );
        check = () => {
          if (messages.length < count) return;
          clearTimeout(timer);
          resolve(messages);
        };
        check();
      }),
  };
}

/** Answers every request with its params. */
export const echo: Receiver['message'] = (message, exchange) => {
  if (isRequest(message))
    void exchange.send({ jsonrpc: '2.0', id: message.id, result: message.params ?? {} });
};
