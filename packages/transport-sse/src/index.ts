/**
 * The HTTP+SSE transport of the first revision, deprecated since 2025-03-26: `sseClient` reaches servers that speak nothing
 * newer, `sseServer` serves such clients in a framework.
 */
export type { SseClientOptions } from './client/options.ts';
export { sseClient } from './client/sse-client.ts';
export type { SseServerOptions, SseSiteOptions } from './server/options.ts';
export { sseServer, type SseServer } from './server/sse-server.ts';
