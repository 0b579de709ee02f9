import type { Origin } from '@trunkline/transport';

/** How a client reaches a server over the platform's WebSocket. */
export interface WebSocketClientOptions {
  /** Milliseconds until the socket must be open. 10,000 unless given. */
  readonly connectTimeout?: number;
  /** Longest message that is taken, in characters; a longer one ends the link as `too-large`. 16 Mi unless given. */
  readonly maxMessageLength?: number;
  /** Used instead of the platform's `WebSocket`. */
  readonly WebSocket?: new (url: string, protocols: string[]) => WebSocket;
}

/** How a socket becomes a link. */
export interface WebSocketTransportOptions {
  /** What is known about the peer, such as `auth`; every message shows it. */
  readonly origin?: Origin;
  /** Longest message that is taken, in characters; a longer one ends the link as `too-large`. 4 Mi unless given. */
  readonly maxMessageLength?: number;
}
