import type { Exchange, Origin, Receiver, Transport, TransportError } from '@trunkline/transport';

/** A transport whose messages come in posts of their own: each shows the origin of its post. */
export interface PostedTransport {
  readonly transport: Transport;
  /**
   * Runs `deliver`, which puts one frame in, and shows `origin` with every message that it delivers. Returns why the frame
   * could not be read: then the post is answered with that, and not the stream.
   */
  post(origin: Origin, deliver: () => void): TransportError | undefined;
}

/** Frames are decoded and delivered while they are put in, so what happens meanwhile belongs to the post. */
export function postedTransport(inner: Transport): PostedTransport {
  let current: Origin | undefined;
  let unreadable: TransportError | undefined;
  const start = (receiver: Receiver): Promise<void> =>
    inner.start({
      message(message, exchange) {
        return receiver.message(message, current ? postedExchange(exchange, current) : exchange);
      },
      orphaned: (id, cause) => receiver.orphaned?.(id, cause),
      fault(error, exchange) {
        if (current) unreadable = error;
        // Somebody waits for what was to be the answer.
        if (!current || error.inReplyTo !== undefined) receiver.fault?.(error, exchange);
      },
    });
  const { binding, closed } = inner;
  return {
    transport: { binding, closed, start, send: inner.send.bind(inner), close: inner.close.bind(inner) },
    post(origin, deliver) {
      current = origin;
      unreadable = undefined;
      try {
        deliver();
        return unreadable;
      } finally {
        current = undefined;
      }
    },
  };
}

function postedExchange(inner: Exchange, origin: Origin): Exchange {
  const { scope, batch } = inner;
  return {
    get signal() {
      return inner.signal;
    },
    origin,
    scope,
    ...(batch && { batch }),
    send: (message) => inner.send(message),
    end: () => inner.end(),
  };
}
