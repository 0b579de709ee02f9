/**
 * MCP over WebSockets on Node: `webSocketClient` reaches a server, with header fields of your own; `ws`, `webSocketServer`
 * and `runWebSocket` serve clients.
 */
export { closeOf, type WebSocketClose } from './close-code.ts';
export { webSocketClient } from './node/client.ts';
export type { WebSocketClientOptions, WebSocketHeaders, WebSocketSiteOptions } from './node/options.ts';
export { webSocketServer, type WebSocketServerOptions } from './node/web-socket-server.ts';
export { runWebSocket, ws, type WebSocketListenerOptions } from './node/ws.ts';
