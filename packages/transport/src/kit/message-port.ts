import { TransportError } from '../transport-error.ts';
import type { Transport } from '../transport.ts';
import { channelTransport, type Channel, type ChannelEvents, type ChannelOptions } from './channel.ts';

/** What is used of a `MessagePort`, so that those of browsers and of Node both fit. */
export interface PortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message' | 'close', listener: (event: Event) => void): void;
  removeEventListener(type: 'message' | 'close', listener: (event: Event) => void): void;
  start(): void;
  close(): void;
}

/**
 * A transport over one end of a `MessageChannel`, which it owns from now on; the other end must be one of these too. A
 * port has neither back-pressure nor, everywhere, an event for its end, so the two ends tell each other: a string is a
 * frame, a number says how many frames were taken, `null` is goodbye. At most 64 frames are under way.
 */
export function messagePortTransport(port: PortLike, options: ChannelOptions = {}): Transport {
  return channelTransport({ name: 'message-port', lanes: 'shared' }, new PortChannel(port), options);
}

/** Most frames that are sent and not yet taken. */
const WINDOW = 64;

class PortChannel implements Channel {
  readonly #port: PortLike;
  readonly #arrived: string[] = [];
  #events: ChannelEvents | undefined;
  #paused = false;
  #taken = 0;
  #underWay = 0;
  #onRoom: (() => void) | undefined;

  constructor(port: PortLike) {
    this.#port = port;
  }

  async open(events: ChannelEvents): Promise<void> {
    this.#events = events;
    this.#port.addEventListener('message', this.#onMessage);
    this.#port.addEventListener('close', this.#onClose);
    this.#port.start();
  }

  write(frame: string): Promise<void> | void {
    this.#post(frame);
    if (++this.#underWay < WINDOW) return undefined;
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#deliver();
  }

  async close(): Promise<void> {
    this.#post(null);
    this.#port.removeEventListener('message', this.#onMessage);
    this.#port.removeEventListener('close', this.#onClose);
    this.#port.close();
  }

  readonly #onMessage = (event: Event): void => {
    const { data } = event as MessageEvent<unknown>;
    if (typeof data === 'string') this.#frame(data);
    else if (isCount(data)) this.#room(data);
    else if (data === null) this.#onClose();
    else
      this.#events?.fault(
        new TransportError('malformed', `the port brought a ${typeof data} that is no frame`),
      );
  };

  /** The peer's last frames are not lost on a paused link: it keeps them until they are taken. */
  readonly #onClose = (): void => {
    this.#paused = false;
    this.#deliver();
    this.#events?.closed();
  };

  #frame(text: string): void {
    this.#arrived.push(text);
    if (this.#arrived.length > WINDOW) {
      this.#events?.closed(
        new TransportError('overloaded', `the peer sends more than ${WINDOW} frames ahead`),
      );
    } else this.#deliver();
  }

  #deliver(): void {
    while (!this.#paused) {
      const frame = this.#arrived.shift();
      if (frame === undefined) break;
      this.#events?.frame(frame);
      this.#taken++;
    }
    if (this.#taken < WINDOW / 2) return;
    this.#post(this.#taken);
    this.#taken = 0;
  }

  #post(message: string | number | null): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, other than a window, has no origin
    this.#port.postMessage(message);
  }

  #room(taken: number): void {
    this.#underWay -= taken;
    if (this.#underWay < WINDOW) this.#onRoom?.();
  }
}

function isCount(data: unknown): data is number {
  return Number.isInteger(data) && (data as number) > 0;
}
