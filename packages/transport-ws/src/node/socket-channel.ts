import { TransportError, type Channel, type ChannelEvents } from '@trunkline/transport';
import { WebSocket, type RawData } from 'ws';
import { CLOSE_TIMEOUT } from '../binding.ts';
import { CloseCode, closedByPeer, closing, closingFrame } from '../close-code.ts';
import { WriteRoom } from '../write-room.ts';
import { heartbeat } from './heartbeat.ts';

/** Makes a socket that is open, paused, and has a listener for errors. */
export type Connect = (signal: AbortSignal) => Promise<WebSocket>;

/** A channel over a socket of `ws`. */
export class SocketChannel implements Channel {
  readonly #connect: Connect | undefined;
  readonly #pingInterval: number;
  readonly #givingUp = new AbortController();
  readonly #room: WriteRoom;
  /** A frame that was not written leaves no room: the end of the socket follows. */
  readonly #written = (error?: Error): void => {
    if (!error) this.#room.look();
  };
  #socket: WebSocket | undefined;
  #events: ChannelEvents | undefined;
  #stopHeartbeat = (): void => {};

  /** Takes a socket that was accepted, in the state that `Connect` describes, or connects when it is opened. */
  constructor(socket: WebSocket | Connect, pingInterval: number) {
    if (typeof socket === 'function') this.#connect = socket;
    else this.#socket = socket;
    this.#pingInterval = pingInterval;
    this.#room = new WriteRoom({
      buffered: () => this.#socket?.bufferedAmount ?? 0,
      stalled: (error) => this.#events?.closed(error),
    });
  }

  async open(events: ChannelEvents): Promise<void> {
    this.#events = events;
    const { signal } = this.#givingUp;
    this.#socket ??= await this.#connect?.(signal);
    const socket = this.#socket;
    if (signal.aborted) socket?.terminate();
    if (socket?.readyState !== OPEN) throw closing();
    socket
      .on('message', (data, isBinary) => this.#take(data, isBinary))
      .on('ping', (data) => this.#room.left() && socket.pong(data))
      .on('error', (error) => events.closed(brokenRule(error)))
      .on('close', (code, reason) => events.closed(closedByPeer(code, reason.toString())));
    this.#stopHeartbeat = heartbeat(socket, this.#pingInterval, events.closed);
    socket.resume();
  }

  write(frame: string): Promise<void> | void {
    const socket = this.#socket;
    if (socket?.readyState !== OPEN) throw closing();
    socket.send(frame, this.#written);
    return this.#room.wait();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  async close(cause?: Error): Promise<void> {
    this.#givingUp.abort(closing());
    this.#stopHeartbeat();
    this.#room.end();
    const socket = this.#socket;
    if (!socket || socket.readyState === CLOSED) return;
    const { code, reason } = closingFrame(cause);
    const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT);
    const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.close(code, reason);
    // A paused socket does not hear the closing frame of the peer.
    socket.resume();
    await ended;
    clearTimeout(timer);
  }

  #take(data: RawData, isBinary: boolean): void {
    if (!isBinary) return this.#events?.frame((data as Buffer).toString());
    const reason = 'the peer sent a binary frame; messages are text';
    this.#events?.closed(new TransportError('malformed', reason, { status: CloseCode.NotText }));
  }
}

const { OPEN, CLOSED } = WebSocket;

/** What `ws` found wrong with the frames of the peer, and has told the peer already. */
function brokenRule(cause: Error & { readonly code?: unknown }): TransportError {
  const [word, status] = BROKEN_RULES.get(cause.code) ?? (['malformed', 1002] as const);
  return new TransportError(word, `the peer broke the WebSocket protocol: ${cause.message}`, {
    cause,
    status,
  });
}

const BROKEN_RULES = new Map<unknown, readonly ['malformed' | 'too-large', number]>([
  ['WS_ERR_INVALID_UTF8', ['malformed', 1007]],
  ['WS_ERR_UNSUPPORTED_MESSAGE_LENGTH', ['too-large', CloseCode.TooLarge]],
  ['WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH', ['too-large', CloseCode.TooLarge]],
  ['WS_ERR_TOO_MANY_BUFFERED_PARTS', ['too-large', CloseCode.Policy]],
]);
