import type { JsonRpcMessage } from '@trunkline/protocol';
import type { Exchange, Receiver, Transport } from '../transport.ts';

/**
 * What stands between a transport and its user. Each function is given a message and decides: pass it on at once to
 * observe, later to delay, changed to alter, never to drop. What `pass` returns carries the back-pressure.
 */
export interface Tap {
  readonly inbound?: (message: JsonRpcMessage, pass: PassInbound) => void | Promise<void>;
  /** A response that is text already is shown parsed; passed on as it was shown, it is sent as that text. */
  readonly outbound?: (message: JsonRpcMessage, pass: PassOutbound) => Promise<void>;
}

/** Delivers a message to the receiver. */
export type PassInbound = (message: JsonRpcMessage) => void | Promise<void>;

/** Hands a message to the transport. */
export type PassOutbound = (message: JsonRpcMessage) => Promise<void>;

/** The same transport seen through a tap. For logging, tracing and tests. */
export function tap(transport: Transport, { inbound, outbound }: Tap): Transport {
  const exchanges = new WeakMap<Exchange, Exchange>();

  function tapped(exchange: Exchange): Exchange {
    if (!outbound) return exchange;
    const known = exchanges.get(exchange);
    if (known) return known;
    const made = tappedExchange(exchange, outbound);
    exchanges.set(exchange, made);
    return made;
  }

  function tappedReceiver(receiver: Receiver): Receiver {
    return {
      message(message, exchange) {
        const pass: PassInbound = (passed) => receiver.message(passed, tapped(exchange));
        return inbound ? inbound(message, pass) : pass(message);
      },
      orphaned: (id, cause) => receiver.orphaned?.(id, cause),
      fault: (error, exchange) => receiver.fault?.(error, exchange && tapped(exchange)),
    };
  }

  return {
    binding: transport.binding,
    closed: transport.closed,
    start: (receiver) => transport.start(tappedReceiver(receiver)),
    send(message, options) {
      // The tap may change what a message says, not what kind it is.
      const pass: PassOutbound = (passed) => transport.send(passed as typeof message, options);
      return outbound ? outbound(message, pass) : pass(message);
    },
    close: (cause) => transport.close(cause),
  };
}

function tappedExchange(exchange: Exchange, outbound: NonNullable<Tap['outbound']>): Exchange {
  return {
    get signal() {
      return exchange.signal;
    },
    get origin() {
      return exchange.origin;
    },
    scope: exchange.scope,
    ...(exchange.inReplyTo !== undefined && { inReplyTo: exchange.inReplyTo }),
    ...(exchange.batch && { batch: exchange.batch }),
    send(message) {
      if ('jsonrpc' in message) return outbound(message, (passed) => exchange.send(passed));
      const shown: JsonRpcMessage = { jsonrpc: '2.0', id: message.id, result: JSON.parse(message.json) };
      return outbound(shown, (passed) => exchange.send(passed === shown ? message : passed));
    },
    ...(exchange.detach && { detach: (options) => exchange.detach?.(options) }),
    end: () => exchange.end(),
  };
}
