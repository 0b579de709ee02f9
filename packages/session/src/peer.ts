import {
  isErrorResponse,
  isResponse,
  isRequest,
  ProtocolError,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '@trunkline/protocol';
import type { Exchange, Receiver, Transport, TransportClosed, TransportError } from '@trunkline/transport';
import { Caller, subscriptionOf, type CallerOptions } from './caller.ts';

/** What one side does with what the other side starts. Neither function may throw. */
export interface PeerHandlers {
  request(request: JsonRpcRequest, exchange: Exchange): void;
  notification(notification: JsonRpcNotification, exchange: Exchange): void;
  /** Unreadable input. */
  fault(error: TransportError, exchange: Exchange | undefined): void;
  /** The peer broke the protocol in a way that no call waits for. */
  violation(error: ProtocolError): void;
  closed(closed: TransportClosed): void;
}

/** One link: brings each message to the half that it is for. Never makes the link wait. */
export class Peer {
  readonly transport: Transport;
  readonly caller: Caller;
  readonly #handlers: PeerHandlers;

  constructor(transport: Transport, handlers: PeerHandlers, options: CallerOptions) {
    this.transport = transport;
    this.#handlers = handlers;
    this.caller = new Caller(transport, options);
  }

  /** Goes live. Rejects with the transport's error if the link cannot be opened. */
  async start(): Promise<void> {
    void this.#hearClose();
    const receiver: Receiver = {
      message: (message, exchange) => {
        if (isResponse(message)) {
          if (!this.caller.settle(message, exchange.inReplyTo)) this.#unawaited(message);
        } else if (isRequest(message)) {
          this.#handlers.request(message, exchange);
        } else {
          this.#notified(message, exchange);
        }
      },
      orphaned: (id, cause) => void this.caller.fail(id, cause),
      fault: (error, exchange) => {
        const id = error.inReplyTo ?? exchange?.inReplyTo;
        const cause = new ProtocolError('unexpected-shape', error.message, { cause: error });
        const heard = id !== undefined && this.caller.fail(id, cause);
        // What has neither a method nor a result may be of either kind.
        if (!heard || error.answer) this.#handlers.fault(error, exchange);
      },
    };
    await this.transport.start(receiver);
  }

  /** Closes the link; every open call fails. */
  close(cause?: Error): Promise<void> {
    return this.transport.close(cause);
  }

  async #hearClose(): Promise<void> {
    const closed = await this.transport.closed;
    this.caller.close(closed);
    this.#handlers.closed(closed);
  }

  #notified(notification: JsonRpcNotification, exchange: Exchange): void {
    if (notification.method === 'notifications/progress' && this.caller.progress(notification.params ?? {}))
      return;
    const id = exchange.inReplyTo ?? subscriptionOf(notification);
    if (id !== undefined && this.caller.notify(id, notification)) return;
    this.#handlers.notification(notification, exchange);
  }

  /** An answer that comes late is normal; one to a request that was never made is not. */
  #unawaited(response: Parameters<Caller['settle']>[0]): void {
    if (response.id !== undefined && response.id !== null && this.caller.minted(response.id)) return;
    const what = isErrorResponse(response)
      ? `the error "${response.error.message.slice(0, 200)}"`
      : 'a result';
    this.#handlers.violation(
      new ProtocolError(
        'unknown-id',
        `the peer sent ${what} for the id ${JSON.stringify(response.id ?? null)}, which no request has`,
      ),
    );
  }
}
