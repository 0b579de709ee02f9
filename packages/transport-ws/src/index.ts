/**
 * MCP over WebSockets: `webSocketClient` reaches a server through the platform's own WebSocket, `webSocketTransport` makes
 * a link of a socket that a server accepted.
 */
export { webSocketClient } from './client.ts';
export { closeOf, type WebSocketClose } from './close-code.ts';
export type { WebSocketClientOptions, WebSocketTransportOptions } from './options.ts';
export { webSocketTransport } from './socket-transport.ts';
