import {
  encodeMessage,
  type Exchange,
  type Origin,
  type Receiver,
  type Transport,
  type TransportError,
} from '@trunkline/transport';

/** What was wrong with a post, and what the receiver answers to it. */
export interface BadPost {
  readonly problem: TransportError;
  /** The text of the answer. */
  answer?: string;
}

/** A transport whose messages come in posts of their own. */
export interface PostedTransport {
  readonly transport: Transport;
  /**
   * Runs `deliver`, which puts one frame in. The messages in it show `origin`. If it is unreadable, returns why, and what
   * the receiver answers to that goes back with the post and not on the stream.
   */
  post(origin: Origin, deliver: () => void): BadPost | undefined;
}

/** Frames are decoded and delivered while they are put in, so what happens meanwhile belongs to the post. */
export function postedTransport(inner: Transport): PostedTransport {
  let origin: Origin | undefined;
  let bad: BadPost | undefined;
  const start = (receiver: Receiver): Promise<void> =>
    inner.start({
      message: (message, exchange) =>
        receiver.message(message, origin ? postedExchange(exchange, origin) : exchange),
      orphaned: (id, cause) => receiver.orphaned?.(id, cause),
      fault(problem, exchange) {
        if (!origin || !exchange) return receiver.fault?.(problem, exchange);
        const post: BadPost = { problem };
        bad = post;
        const answer = async (message: Parameters<Exchange['send']>[0]): Promise<void> => {
          if (bad === post) post.answer = encodeMessage(message);
          else await exchange.send(message);
        };
        receiver.fault?.(problem, { ...postedExchange(exchange, origin), send: answer });
      },
    });
  const { binding, closed } = inner;
  return {
    transport: { binding, closed, start, send: inner.send.bind(inner), close: inner.close.bind(inner) },
    post(from, deliver) {
      origin = from;
      deliver();
      const outcome = bad;
      origin = undefined;
      bad = undefined;
      return outcome;
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
