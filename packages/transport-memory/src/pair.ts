import type { JsonRpcMessage } from '@trunkline/protocol';
import {
  channelTransport,
  encodeMessage,
  TransportError,
  type Binding,
  type Channel,
  type ChannelEvents,
  type ChannelOptions,
  type Transport,
} from '@trunkline/transport';
import { plainMessage } from './plain-message.ts';

/** What {@link memoryPair} may be told. */
export interface MemoryOptions {
  /** Frames that one end may be behind before the other waits; 64 unless said. */
  readonly highWater?: number;
}

/**
 * Two linked ends. What arrives is what would have come out of JSON text, and shared with nobody, so what cannot cross a
 * wire cannot cross here either. Messages arrive in order, in a later microtask, never within `send`. Either end may start
 * first.
 */
export function memoryPair(options: MemoryOptions = {}): [Transport, Transport] {
  const highWater = options.highWater ?? 64;
  const left = new MemoryChannel(highWater);
  const right = new MemoryChannel(highWater);
  left.peer = right;
  right.peer = left;
  return [channelTransport(BINDING, left, OPTIONS), channelTransport(BINDING, right, OPTIONS)];
}

const BINDING: Binding = { name: 'memory', lanes: 'shared' };

/** Copying is four times as fast as writing text and reading it; what is out of the ordinary goes as text. */
const OPTIONS: ChannelOptions<JsonRpcMessage> = {
  encode: (message) => plainMessage(message) ?? encodeMessage(message),
};

type Frame = string | JsonRpcMessage;

/** One end: the frames on their way to it, and the other end. */
class MemoryChannel implements Channel<JsonRpcMessage> {
  peer!: MemoryChannel;
  readonly #highWater: number;
  readonly #inbox: Frame[] = [];
  readonly #deliver = (): void => this.#deliverNow();
  #events: ChannelEvents<JsonRpcMessage> | undefined;
  #scheduled = false;
  #paused = false;
  #closed = false;
  #onRoom: (() => void) | undefined;

  constructor(highWater: number) {
    this.#highWater = highWater;
  }

  async open(events: ChannelEvents<JsonRpcMessage>): Promise<void> {
    this.#events = events;
    this.#schedule();
  }

  write(frame: Frame): Promise<void> | void {
    return this.peer.#take(frame);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#inbox.length = 0;
    this.peer.#schedule();
  }

  #take(frame: Frame): Promise<void> | void {
    if (this.#closed) throw new TransportError('closed', 'the other end is closed', { delivery: 'not-sent' });
    this.#inbox.push(frame);
    this.#schedule();
    if (this.#inbox.length < this.#highWater) return undefined;
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  #schedule(): void {
    if (this.#scheduled || !this.#events) return;
    this.#scheduled = true;
    queueMicrotask(this.#deliver);
  }

  /** When the other end is gone, even a paused link gets the last frames: it keeps them and hears of the end. */
  #deliverNow(): void {
    this.#scheduled = false;
    while (!this.#paused || this.peer.#closed) {
      const frame = this.#inbox.shift();
      if (frame === undefined) break;
      this.#events?.frame(frame);
    }
    if (this.#inbox.length < this.#highWater) this.#onRoom?.();
    if (this.peer.#closed) this.#events?.closed();
  }
}
