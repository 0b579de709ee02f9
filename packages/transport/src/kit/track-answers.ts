import type { JsonRpcMessage, RequestId } from '@trunkline/protocol';
import type { Exchange, Receiver, Transport } from '../transport.ts';

/** A transport that knows whether its peer still waits for answers. */
export interface AnsweringTransport {
  readonly transport: Transport;
  /** Resolves when every request that came in is answered or cancelled, when the link is gone, or after `ms`. */
  answered(ms?: number): Promise<void>;
}

/** Watches requests come in and answers go out. A subscription does not count: it stays open until somebody ends it. */
export function trackAnswers(inner: Transport): AnsweringTransport {
  const unanswered = new Set<RequestId>();
  const waiters = new Set<() => void>();
  const settle = (id: RequestId): void => {
    if (unanswered.delete(id) && unanswered.size === 0) for (const leave of waiters) leave();
  };
  const track = trackExchanges(settle);

  const start = (receiver: Receiver): Promise<void> =>
    inner.start({
      message(message, exchange) {
        note(message, unanswered, settle);
        return receiver.message(message, track(exchange));
      },
      orphaned: (id, cause) => receiver.orphaned?.(id, cause),
      fault: (error, exchange) => receiver.fault?.(error, exchange),
    });

  const { binding, closed } = inner;
  return {
    transport: { binding, closed, start, send: inner.send.bind(inner), close: inner.close.bind(inner) },
    answered(ms = Infinity) {
      if (unanswered.size === 0) return Promise.resolve();
      return new Promise<void>((resolve) => {
        const leave = (): void => {
          clearTimeout(timer);
          waiters.delete(leave);
          resolve();
        };
        const timer = ms === Infinity ? undefined : setTimeout(leave, ms);
        waiters.add(leave);
        void closed.then(leave);
      });
    },
  };
}

function note(message: JsonRpcMessage, unanswered: Set<RequestId>, settle: (id: RequestId) => void): void {
  if (!('method' in message)) return;
  if ('id' in message) {
    if (message.method !== 'subscriptions/listen') unanswered.add(message.id);
  } else if (message.method === 'notifications/cancelled') {
    const id = message.params?.['requestId'];
    if (typeof id === 'string' || typeof id === 'number') settle(id);
  }
}

/** A shared lane has one exchange for all its messages, so the last one is remembered; a batch has one for each. */
function trackExchanges(settle: (id: RequestId) => void): (exchange: Exchange) => Exchange {
  let last: { readonly of: Exchange; readonly tracked: Exchange } | undefined;
  return (exchange) => {
    if (last?.of !== exchange) last = { of: exchange, tracked: trackedExchange(exchange, settle) };
    return last.tracked;
  };
}

function trackedExchange(inner: Exchange, settle: (id: RequestId) => void): Exchange {
  const { origin, scope, inReplyTo, batch } = inner;
  return {
    get signal() {
      return inner.signal;
    },
    origin,
    scope,
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(batch ? { batch } : {}),
    send(message) {
      const sent = inner.send(message);
      if (!('method' in message) && message.id !== undefined) settle(message.id);
      return sent;
    },
    end: () => inner.end(),
  };
}
