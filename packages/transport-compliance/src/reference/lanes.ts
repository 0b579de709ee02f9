import {
  isRequest,
  isResponse,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
} from '@trunkline/protocol';
import {
  channelTransport,
  TransportError,
  type Binding,
  type Exchange,
  type Receiver,
  type SendOptions,
  type Transport,
  type TransportClosed,
} from '@trunkline/transport';
import type { Capabilities, Link } from '../link.ts';
import { wire, WIRE_LIMIT } from './wire.ts';

/** An honest link with a lane for each request. Every lane is a short link of its own, made by the kit. */
export function lanesLink(): Link {
  const near = new LanesTransport();
  return {
    near,
    accept: (receiver) => near.accept(receiver),
    sever: () => near.sever(),
  };
}

export const LANES: Capabilities = {
  lanes: 'per-request',
  sever: true,
  inject: 'frames exist only within a lane',
  peerAsks: 'a lane carries no requests of the peer',
  backPressure: true,
  limit: WIRE_LIMIT,
};

const BINDING: Binding = { name: 'reference-lanes', lanes: 'per-request' };

class LanesTransport implements Transport {
  readonly binding: Binding = BINDING;
  readonly closed: Promise<TransportClosed>;
  readonly #lanes: Set<Lane> = new Set();
  #near: Receiver | undefined;
  #far: Receiver | undefined;
  #ended: TransportError | undefined;
  #announce!: (closed: TransportClosed) => void;

  constructor() {
    this.closed = new Promise((resolve) => (this.#announce = resolve));
  }

  accept(receiver: Receiver): void {
    this.#far = receiver;
  }

  sever(): void {
    this.#far = undefined;
    for (const lane of this.#lanes) lane.cut();
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#near) throw new TransportError('misuse', 'start() was called before');
    if (this.#ended) throw this.#ended;
    this.#near = receiver;
  }

  async send(message: JsonRpcRequest | JsonRpcNotification, { signal }: SendOptions = {}): Promise<void> {
    if (this.#ended) throw this.#ended;
    if (!this.#near) throw new TransportError('misuse', 'send() was called before start()');
    if (!this.#far) throw new TransportError('refused', 'nobody is there', { delivery: 'not-sent' });
    signal?.throwIfAborted();
    try {
      await this.#openLane(message, this.#near, this.#far, signal);
    } finally {
      signal?.throwIfAborted();
    }
  }

  async close(cause?: Error): Promise<void> {
    if (!this.#ended) {
      this.#ended = new TransportError('closed', 'the link is closed', { delivery: 'not-sent' });
      this.#announce(cause === undefined ? { by: 'local' } : { by: 'local', cause });
    }
    await Promise.all([...this.#lanes].map((lane) => lane.giveUp()));
  }

  async #openLane(
    message: JsonRpcRequest | JsonRpcNotification,
    receiver: Receiver,
    far: Receiver,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const joined = wire();
    const lane = new Lane(channelTransport(BINDING, joined.near), message, receiver, joined.cut);
    const theirs = channelTransport(BINDING, joined.far);
    const abort = (): void => void lane.giveUp();
    const forget = (): void => {
      this.#lanes.delete(lane);
      signal?.removeEventListener('abort', abort);
    };
    this.#lanes.add(lane);
    signal?.addEventListener('abort', abort);
    void lane.ours.closed.then(forget);
    await theirs.start(farSide(far, theirs));
    await lane.start();
  }
}

class Lane {
  readonly ours: Transport;
  readonly cut: () => void;
  readonly #message: JsonRpcRequest | JsonRpcNotification;
  readonly #receiver: Receiver;
  #waits: boolean;

  constructor(
    ours: Transport,
    message: JsonRpcRequest | JsonRpcNotification,
    receiver: Receiver,
    cut: () => void,
  ) {
    this.ours = ours;
    this.cut = cut;
    this.#message = message;
    this.#receiver = receiver;
    this.#waits = isRequest(message);
  }

  async start(): Promise<void> {
    void this.ours.closed.then(({ cause }) => this.#end(cause));
    try {
      await this.ours.start({
        message: (reply, exchange) => this.#receive(reply, exchange),
        fault: (error, exchange) => this.#fault(error, exchange),
      });
      await this.ours.send(this.#message);
    } catch (error) {
      await this.giveUp();
      throw error;
    }
    if (!this.#waits && !isRequest(this.#message)) void this.ours.close();
  }

  /** Ends the lane; nobody asks for its answer any more. */
  giveUp(): Promise<void> {
    this.#waits = false;
    return this.ours.close();
  }

  #receive(reply: JsonRpcMessage, exchange: Exchange): void | Promise<void> {
    if (isResponse(reply)) this.#waits = false;
    if (!isRequest(this.#message)) return this.#receiver.message(reply, exchange);
    return this.#receiver.message(reply, { ...exchange, inReplyTo: this.#message.id });
  }

  #fault(error: TransportError, exchange?: Exchange): void {
    if (error.inReplyTo !== undefined) this.#waits = false;
    this.#receiver.fault?.(error, exchange);
  }

  #end(cause: Error | undefined): void {
    if (!this.#waits || !isRequest(this.#message)) return;
    const reason = 'the lane ended before the response came';
    this.#receiver.orphaned?.(
      this.#message.id,
      new TransportError('stream-ended', reason, cause ? { cause } : {}),
    );
  }
}

/** What the far side sees of a lane: it ends with the response. */
function farSide(far: Receiver, theirs: Transport): Receiver {
  return {
    message: (message, exchange) =>
      far.message(message, {
        ...exchange,
        async send(reply) {
          await exchange.send(reply);
          if (!('method' in reply)) void theirs.close();
        },
        end: () => void theirs.close(),
      }),
    fault: (error, exchange) => far.fault?.(error, exchange),
  };
}
