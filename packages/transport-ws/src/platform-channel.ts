import { TransportError, type Channel, type ChannelEvents } from '@trunkline/transport';
import { CloseCode, closedByPeer, closing, closingFrame } from './close-code.ts';
import { CLOSE_TIMEOUT, SUBPROTOCOL } from './binding.ts';
import { WriteRoom } from './write-room.ts';

/** What a {@link PlatformChannel} may be told. */
export interface PlatformChannelOptions {
  /** Milliseconds until the socket must be open. */
  readonly connectTimeout: number;
  /** Longest message that is taken, in characters. */
  readonly maxMessageLength: number;
}

/** A channel over the `WebSocket` of the platform. */
export class PlatformChannel implements Channel {
  readonly #options: PlatformChannelOptions;
  readonly #dial: (() => WebSocket) | undefined;
  readonly #held: string[] = [];
  readonly #room: WriteRoom;
  #heldLength = 0;
  #paused = true;
  #closing = false;
  #socket: WebSocket | undefined;
  #events: ChannelEvents | undefined;

  /** Takes a socket that was accepted, and keeps what it brings before `open`; or dials when it is opened. */
  constructor(socket: WebSocket | (() => WebSocket), options: PlatformChannelOptions) {
    this.#options = options;
    this.#room = new WriteRoom({
      buffered: () => this.#socket?.bufferedAmount ?? 0,
      stalled: (error) => this.#events?.closed(error),
    });
    if (typeof socket === 'function') this.#dial = socket;
    else this.#hear(socket);
  }

  async open(events: ChannelEvents): Promise<void> {
    const socket = this.#socket ?? this.#hear((this.#dial as () => WebSocket)());
    this.#events = events;
    await leaveConnecting(socket, this.#options.connectTimeout);
    if (this.#closing) throw closing();
    if (socket.readyState !== OPEN) throw notOpened(socket);
    if (this.#dial) checkSubprotocol(socket);
    socket.addEventListener('close', ({ code, reason }) => {
      // What came before the end is delivered before the end is told, also on a paused link.
      this.resume();
      events.closed(closedByPeer(code, reason));
    });
    this.resume();
  }

  write(frame: string): Promise<void> | void {
    const socket = this.#socket;
    // Sending on a socket that closes discards the frame without a word.
    if (socket?.readyState !== OPEN) throw closing();
    socket.send(frame);
    const room = this.#room.wait();
    if (!room) return undefined;
    const looking = setInterval(() => this.#room.look(), LOOK_INTERVAL);
    return room.finally(() => clearInterval(looking));
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    while (!this.#paused) {
      const frame = this.#held.shift();
      if (frame === undefined) break;
      this.#heldLength -= frame.length;
      this.#events?.frame(frame);
    }
  }

  async close(cause?: Error): Promise<void> {
    this.#closing = true;
    this.#room.end();
    const socket = this.#socket;
    if (!socket || socket.readyState === CLOSED) return;
    const { code, reason } = closingFrame(cause);
    // There is no harder way to close it.
    const ended = happens(socket, ['close'], CLOSE_TIMEOUT);
    socket.close(permitted(code), reason);
    await ended;
  }

  #hear(socket: WebSocket): WebSocket {
    socket.addEventListener('message', ({ data }) => this.#take(data));
    this.#socket = socket;
    return socket;
  }

  #take(data: unknown): void {
    if (typeof data !== 'string') {
      this.#fail('malformed', CloseCode.NotText, 'the peer sent a binary frame; messages are text');
    } else if (data.length > this.#options.maxMessageLength) {
      this.#fail(
        'too-large',
        CloseCode.TooLarge,
        `a message longer than ${this.#options.maxMessageLength} characters`,
      );
    } else if (this.#paused) this.#hold(data);
    else this.#events?.frame(data);
  }

  /** The platform cannot be told to read no further, so a peer that goes on for too long is cut off. */
  #hold(frame: string): void {
    this.#held.push(frame);
    this.#heldLength += frame.length;
    if (this.#held.length <= MAX_HELD && this.#heldLength <= this.#options.maxMessageLength) return;
    const reason = `${this.#held.length} messages came while reading was paused`;
    this.#fail('overloaded', CloseCode.TryAgainLater, reason);
  }

  #fail(code: 'malformed' | 'too-large' | 'overloaded', status: number, reason: string): void {
    this.#events?.closed(new TransportError(code, reason, { status }));
  }
}

/** Messages that may wait while reading is paused. */
const MAX_HELD = 1024;

/** Milliseconds between two looks at what waits to leave: the platform has no event for it. */
const LOOK_INTERVAL = 20;

// The constants of `WebSocket`, which not every platform has on its instances.
const CONNECTING = 0;
const OPEN = 1;
const CLOSED = 3;

/** Resolves when the socket is open or never will be. Rejects with `connect-timeout`. */
async function leaveConnecting(socket: WebSocket, timeout: number): Promise<void> {
  if (socket.readyState !== CONNECTING || (await happens(socket, ['open', 'close'], timeout))) return;
  const reason = `${nameOf(socket)} did not open a WebSocket within ${timeout} ms`;
  throw new TransportError('connect-timeout', reason, { delivery: 'not-sent' });
}

function notOpened(socket: WebSocket): TransportError {
  const reason = `${nameOf(socket)} did not open a WebSocket; the platform does not say why`;
  return new TransportError('refused', reason, { delivery: 'not-sent', status: 0 });
}

/** A server that speaks something else may accept a socket without choosing any of the offered subprotocols. */
function checkSubprotocol(socket: WebSocket): void {
  if (socket.protocol === SUBPROTOCOL) return;
  const reason = `${nameOf(socket)} did not choose the subprotocol ${SUBPROTOCOL}`;
  throw new TransportError('refused', reason, { delivery: 'not-sent', status: CloseCode.Policy });
}

function nameOf(socket: WebSocket): string {
  return socket.url ? new URL(socket.url).host : 'the peer';
}

/** Whether one of these events comes in time. */
function happens(socket: WebSocket, types: readonly ('open' | 'close')[], timeout: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, timeout, false);
    for (const type of types) {
      socket.addEventListener(type, () => {
        clearTimeout(timer);
        resolve(true);
      });
    }
  });
}

/** Programs may close a platform's socket with 1000 or with codes of their own only: ours are then 3000 higher. */
function permitted(code: number): number {
  return code === CloseCode.Normal || code >= 3000 ? code : code + 3000;
}
