import { isRequest, type JsonRpcMessage, type RequestId } from '@trunkline/protocol';
import type { Batch, Exchange, Receiver, Transport } from '../transport.ts';

/** A transport that knows whether its peer still waits for answers. */
export interface AnsweringTransport {
  readonly transport: Transport;
  /** Resolves when every request that came in is answered or cancelled, when the link is gone, or after `ms`. */
  answered(ms?: number): Promise<void>;
}

/** Watches requests come in and answers go out. A subscription does not count: it stays open until somebody ends it. */
export function trackAnswers(inner: Transport): AnsweringTransport {
  // Counted, because a second request with the id of a running one is refused while the first goes on.
  const unanswered = new Map<RequestId, number>();
  const waiters = new Set<() => void>();
  const settle = (id: RequestId): void => {
    const left = (unanswered.get(id) ?? 0) - 1;
    if (left > 0) unanswered.set(id, left);
    else if (unanswered.delete(id) && unanswered.size === 0) for (const leave of waiters) leave();
  };
  const batches = trackBatches(settle);
  const track = trackExchanges(settle, batches.tracked);

  const start = (receiver: Receiver): Promise<void> =>
    inner.start({
      message(message, exchange) {
        if (!batches.refused(exchange.batch)) note(message, unanswered, settle);
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

function note(
  message: JsonRpcMessage,
  unanswered: Map<RequestId, number>,
  settle: (id: RequestId) => void,
): void {
  if (!('method' in message)) return;
  if ('id' in message) {
    if (message.method !== 'subscriptions/listen')
      unanswered.set(message.id, (unanswered.get(message.id) ?? 0) + 1);
  } else if (message.method === 'notifications/cancelled') {
    const id = message.params?.['requestId'];
    if (typeof id === 'string' || typeof id === 'number') settle(id);
  }
}

/** A batch that is refused answers all its requests at once. Its exchanges share one object, before and behind. */
function trackBatches(settle: (id: RequestId) => void): {
  readonly tracked: (batch: Batch) => Batch;
  readonly refused: (batch: Batch | undefined) => boolean;
} {
  const known = new WeakMap<Batch, Batch>();
  const refused = new WeakSet<Batch>();
  return {
    refused: (batch) => batch !== undefined && refused.has(batch),
    tracked(batch) {
      const made = known.get(batch) ?? {
        messages: batch.messages,
        refuse(answer) {
          refused.add(batch);
          for (const message of batch.messages) if (isRequest(message)) settle(message.id);
          batch.refuse(answer);
        },
      };
      known.set(batch, made);
      return made;
    },
  };
}

/** A shared lane has one exchange for all its messages, so the last one is remembered; a batch has one for each. */
function trackExchanges(
  settle: (id: RequestId) => void,
  trackedBatch: (batch: Batch) => Batch,
): (exchange: Exchange) => Exchange {
  let last: { readonly of: Exchange; readonly tracked: Exchange } | undefined;
  return (exchange) => {
    const batch = exchange.batch && trackedBatch(exchange.batch);
    if (last?.of !== exchange) last = { of: exchange, tracked: trackedExchange(exchange, batch, settle) };
    return last.tracked;
  };
}

function trackedExchange(
  inner: Exchange,
  batch: Batch | undefined,
  settle: (id: RequestId) => void,
): Exchange {
  const { origin, scope, inReplyTo } = inner;
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
