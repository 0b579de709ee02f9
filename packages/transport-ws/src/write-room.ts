import { TransportError } from '@trunkline/transport';
import { CloseCode } from './close-code.ts';

/** More than this waiting to leave, in bytes, is no room for more. */
const HIGH_WATER = 1024 * 1024;

/** Milliseconds that a peer may take nothing of what waits for it. */
const STALL_TIMEOUT = 30_000;

/** What a {@link WriteRoom} watches. */
export interface WriteRoomOptions {
  /** How many bytes wait to leave. */
  readonly buffered: () => number;
  /** The peer takes nothing any more. */
  readonly stalled: (error: TransportError) => void;
}

/** Says when a socket has room for more, and when its peer takes nothing for 30 s. */
export class WriteRoom {
  readonly #options: WriteRoomOptions;
  #least = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onRoom: (() => void) | undefined;

  constructor(options: WriteRoomOptions) {
    this.#options = options;
  }

  /** Nothing while there is room, else a promise of it. Not to be called again before that resolves. */
  wait(): Promise<void> | undefined {
    if (this.left()) return undefined;
    this.#least = this.#options.buffered();
    this.#watchForStall();
    return new Promise((resolve) => (this.#onRoom = resolve));
  }

  /** Whether there is room. */
  left(): boolean {
    return this.#options.buffered() < HIGH_WATER;
  }

  /** Looks again: something may have left. */
  look(): void {
    if (!this.#onRoom) return;
    if (this.left()) return this.end();
    const buffered = this.#options.buffered();
    if (buffered >= this.#least) return;
    this.#least = buffered;
    this.#watchForStall();
  }

  /** Lets whoever waits go on. */
  end(): void {
    clearTimeout(this.#timer);
    this.#onRoom?.();
    this.#onRoom = undefined;
  }

  #watchForStall(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const reason = `the peer took none of ${this.#least} waiting bytes for ${STALL_TIMEOUT / 1000} s`;
      this.#options.stalled(new TransportError('overloaded', reason, { status: CloseCode.TryAgainLater }));
    }, STALL_TIMEOUT);
  }
}
