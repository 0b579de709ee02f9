import type { Binding } from '@trunkline/transport';

/** What a WebSocket can do. */
export const BINDING: Binding = { name: 'ws', lanes: 'shared' };

/** The subprotocol that both ends must agree on. */
export const SUBPROTOCOL = 'mcp';

/** Milliseconds until a socket must be open. */
export const CONNECT_TIMEOUT = 10_000;

/** Longest message that a client takes. */
export const CLIENT_MAX_LENGTH: number = 16 * 1024 * 1024;

/** Longest message that a server takes. */
export const SERVER_MAX_LENGTH: number = 4 * 1024 * 1024;

/** Milliseconds that closing waits for the closing frame of the peer. */
export const CLOSE_TIMEOUT = 1_000;
