import type { JsonRpcMessage, JsonRpcNotification, JsonRpcRequest } from '@trunkline/protocol';
import { isTransportError, TransportError } from '../transport-error.ts';
import type {
  Binding,
  EncodedResponse,
  Exchange,
  Origin,
  Receiver,
  SendOptions,
  Transport,
  TransportClosed,
} from '../transport.ts';
import type { DecodeLimits } from './decode.ts';
import { encodeMessage } from './encode.ts';
import { Inbox } from './inbox.ts';
import { linkClosed, Outbox } from './outbox.ts';

/**
 * The five functions that a binding with one shared lane supplies. A frame is the text of a message or of a batch; a
 * channel within one process may carry messages themselves, as `Copy`, made by {@link ChannelOptions.encode}.
 */
export interface Channel<Copy extends JsonRpcMessage = never> {
  /** Opens the channel and reports what happens on it; nothing is reported before. Rejects if it cannot be opened. */
  open(events: ChannelEvents<Copy>): Promise<void>;
  /**
   * Hands over one frame. Returns nothing while there is room, else a promise that settles when there is room again or
   * the frame was lost; until then no other frame is handed over.
   */
  write(frame: string | Copy): Promise<void> | void;
  /** Stops and resumes the delivery of frames. */
  pause(): void;
  resume(): void;
  /**
   * Releases everything; what was written is flushed within a bound. Called once, whoever ended the link, and also when
   * `open` was never called or is still under way.
   */
  close(cause?: Error): Promise<void>;
}

/** What a channel reports. */
export interface ChannelEvents<Copy extends JsonRpcMessage = never> {
  /** One whole frame, in order: text, which is not trusted, or a message that nobody else holds. Never throws. */
  readonly frame: (frame: string | Copy) => void;
  /** Bytes that are no frame were skipped; the channel lives. */
  readonly fault: (error: TransportError) => void;
  /** The channel is gone. */
  readonly closed: (cause?: Error) => void;
}

/** Bounds of a channel, beside those of a frame. */
export interface ChannelLimits extends DecodeLimits {
  /** Most UTF-16 units that wait to be written; 16 Mi unless said. More are refused as `overloaded`. */
  readonly maxWaiting?: number;
  /** Unreadable frames in a row that end the link; 100 unless said. */
  readonly maxFaults?: number;
}

/** What {@link channelTransport} may be told. */
export interface ChannelOptions<Copy extends JsonRpcMessage = never> {
  /** Facts about the peer, which every exchange shows. */
  readonly origin?: Origin;
  readonly limits?: ChannelLimits;
  /** Makes the frame that carries a message; its text unless given. Throws `misuse` for what JSON cannot carry. */
  readonly encode?: (message: JsonRpcMessage | EncodedResponse) => string | Copy;
}

/**
 * Lifts a channel into a `Transport` that keeps the contract: order, back-pressure both ways, settlement of every send,
 * limits, one end. A frame is decoded and delivered in the tick it comes in; a message is written in the tick it is sent.
 */
export function channelTransport<Copy extends JsonRpcMessage = never>(
  binding: Binding,
  channel: Channel<Copy>,
  options: ChannelOptions<Copy> = {},
): Transport {
  return new ChannelTransport(binding, channel, options);
}

class ChannelTransport<Copy extends JsonRpcMessage> implements Transport {
  readonly binding: Binding;
  readonly closed: Promise<TransportClosed>;
  readonly #channel: Channel<Copy>;
  readonly #limits: ChannelLimits;
  readonly #encode: (message: JsonRpcMessage | EncodedResponse) => string | Copy;
  readonly #outbox: Outbox<string | Copy>;
  readonly #exchange: Exchange;
  readonly #gone = new AbortController();
  #started = false;
  #ended = false;
  #inbox: Inbox | undefined;
  #released: Promise<void> = Promise.resolve();
  #announce!: (closed: TransportClosed) => void;

  constructor(
    binding: Binding,
    channel: Channel<Copy>,
    { origin = {}, limits = {}, encode = encodeMessage }: ChannelOptions<Copy>,
  ) {
    this.binding = binding;
    this.closed = new Promise((resolve) => (this.#announce = resolve));
    this.#channel = channel;
    this.#limits = limits;
    this.#encode = encode;
    this.#outbox = new Outbox((frame) => channel.write(frame), limits.maxWaiting ?? 16 * 1024 * 1024);
    this.#exchange = {
      signal: this.#gone.signal,
      origin,
      scope: this,
      send: (message) => this.#send(message),
      end() {},
    };
  }

  async start(receiver: Receiver): Promise<void> {
    if (this.#started) throw new TransportError('misuse', 'start() was called before; a link starts once');
    if (this.#ended) throw linkClosed(undefined, 'not-sent');
    this.#started = true;
    const closed = this.closed.then(({ cause }) => Promise.reject(linkClosed(cause)));
    try {
      await Promise.race([this.#open(receiver), closed]);
    } catch (cause) {
      const error = isTransportError(cause)
        ? cause
        : new TransportError('refused', 'the link could not be opened', { cause, delivery: 'not-sent' });
      this.#end('local', error);
      throw error;
    }
    this.#outbox.open();
  }

  send(message: JsonRpcRequest | JsonRpcNotification, options?: SendOptions): Promise<void> {
    return this.#send(message, options?.signal);
  }

  async close(cause?: Error): Promise<void> {
    this.#end('local', cause);
    this.#inbox?.stop();
    await this.#released;
  }

  #open(receiver: Receiver): Promise<void> {
    const inbox = new Inbox(receiver, {
      exchange: this.#exchange,
      limits: this.#limits,
      maxFaults: this.#limits.maxFaults ?? 100,
      pause: () => this.#channel.pause(),
      resume: () => this.#channel.resume(),
      write: (frame) => this.#outbox.send(frame),
      fail: (cause) => this.#end('local', cause),
    });
    this.#inbox = inbox;
    return this.#channel.open({
      frame: (frame) => inbox.frame(frame),
      fault: (error) => inbox.fault(error),
      closed: (cause) => this.#end('remote', cause),
    });
  }

  #send(message: JsonRpcMessage | EncodedResponse, signal?: AbortSignal): Promise<void> {
    if (!this.#started && !this.#ended) {
      return Promise.reject(
        new TransportError('misuse', 'send() was called before start()', { delivery: 'not-sent' }),
      );
    }
    try {
      return this.#outbox.send(this.#encode(message), signal);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #release(cause: Error | undefined): Promise<void> {
    try {
      await this.#channel.close(cause);
    } catch {
      // The link is gone either way, and `close()` never rejects.
    }
  }

  /** Messages that came before the peer's end are delivered before it is told. */
  #end(by: TransportClosed['by'], cause: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#outbox.close(cause);
    this.#gone.abort(linkClosed(cause));
    this.#released = this.#release(cause);
    const announce = (): void => this.#announce(cause === undefined ? { by } : { by, cause });
    if (by === 'remote' && this.#inbox) this.#inbox.end(announce);
    else {
      this.#inbox?.stop();
      announce();
    }
  }
}
