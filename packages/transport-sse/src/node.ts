/** The Node side of HTTP+SSE: a listener, and the direct face of a server. */
export { runSse, sse, type SseListenerOptions } from './node/sse.ts';
export { toNodeHandler } from './node/to-node-handler.ts';
