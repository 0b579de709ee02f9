/** What bindings of MCP over HTTP share: checks before a message is read, answers that stream, and the fetch face. */
export { HttpCall, JSON_FIELDS, RETRY_SOON, type Outlet } from './call.ts';
export { CallOrigin } from './call-origin.ts';
export { Countdown } from './countdown.ts';
export type { CorsOptions } from './cors.ts';
export { EventStreams, type EventStream } from './event-stream.ts';
export { fetchFace, type FetchHandler, type FetchInfo } from './fetch.ts';
export type { Challenge, Fields, RequestHead, Verify } from './head.ts';
export { HttpHost, type HttpHostOptions, type HttpLimits, type Route } from './host.ts';
export { acceptsAll } from './media.ts';
export type { HttpOrigin } from './origin.ts';
export { Places, type PlaceLimits } from './places.ts';
export { principalOf } from './principal.ts';
export { newSessionId } from './session-id.ts';
export type { TransportSecuritySettings } from './security.ts';
