import type { Exchange, Receiver, Transport } from '@trunkline/transport';
import type { Case } from './case.ts';
import type { Capabilities, Link, Setup } from './link.ts';

/** A transport with one defect, which the suite must reject. */
export interface Saboteur {
  /** What is wrong with it. */
  readonly defect: string;
  /** The clause that it breaks, whatever else it breaks. */
  readonly breaks: Case;
  readonly setup: Setup;
  readonly can: Capabilities;
  /** Releases what the defect holds on to. */
  readonly stop?: () => void;
}

/** A link whose near end is changed. */
export function withNear(link: Link, change: (near: Transport) => Partial<Transport>): Link {
  const { near } = link;
  const whole: Transport = {
    binding: near.binding,
    closed: near.closed,
    start: (receiver) => near.start(receiver),
    send: (message, options) => near.send(message, options),
    close: (cause) => near.close(cause),
  };
  return { ...link, near: { ...whole, ...change(near) } };
}

/** A link whose near end sees its receiver changed. */
export function withReceiver(link: Link, change: (receiver: Receiver) => Partial<Receiver>): Link {
  return withNear(link, (near) => ({
    start: (receiver) => near.start({ ...bound(receiver), ...change(receiver) }),
  }));
}

/** A link whose far side sees its exchanges changed. */
export function withFarExchange(link: Link, change: (exchange: Exchange) => Partial<Exchange>): Link {
  return {
    ...link,
    accept: (receiver) =>
      link.accept({
        ...bound(receiver),
        message: (message, exchange) => receiver.message(message, { ...exchange, ...change(exchange) }),
      }),
  };
}

function bound(receiver: Receiver): Receiver {
  return {
    message: (message, exchange) => receiver.message(message, exchange),
    orphaned: (id, cause) => receiver.orphaned?.(id, cause),
    fault: (error, exchange) => receiver.fault?.(error, exchange),
  };
}
