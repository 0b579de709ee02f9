import type { Agent } from 'node:http';

/** How a client on Node reaches a server over a WebSocket. */
export interface WebSocketClientOptions {
  /** Sent with the request that opens the socket; a function is asked anew for every link. */
  readonly headers?: WebSocketHeaders | (() => WebSocketHeaders | Promise<WebSocketHeaders>);
  /** Milliseconds until the socket must be open. 10,000 unless given. */
  readonly connectTimeout?: number;
  /** Longest message that is taken, in bytes; a longer one ends the link as `too-large`. 16 MiB unless given. */
  readonly maxMessageBytes?: number;
  /** Milliseconds between two pings; a server that leaves two unanswered is gone. 30,000 unless given, 0 for none. */
  readonly pingInterval?: number;
  /** Makes the connection: for proxies, client certificates, own authorities. */
  readonly agent?: Agent;
}

/** Header fields by name. */
export type WebSocketHeaders = Readonly<Record<string, string>>;

/** Where sockets are opened, and within which bounds. */
export interface WebSocketSiteOptions {
  /** The path, compared exactly; `/mcp` unless given. */
  readonly path?: string;
  /** Longest message that is taken, in bytes; a longer one ends its link as `too-large`. 4 MiB unless given. */
  readonly maxMessageBytes?: number;
  /** Most connections at once; 10,000 unless given. More are answered with 503. */
  readonly maxConnections?: number;
  /** Most connections of one verified principal at once; 100 unless given. More are answered with 429. */
  readonly maxConnectionsPerPrincipal?: number;
  /** Milliseconds between two pings; a client that leaves two unanswered is gone. 30,000 unless given, 0 for none. */
  readonly pingInterval?: number;
}
