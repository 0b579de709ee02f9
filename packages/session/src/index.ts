// For users.
export { connect } from './connect.ts';
export type { Client, ListOptions } from './client.ts';
export type { ClientOptions } from './client-options.ts';
export type { InputContext, InputHandlers } from './inputs.ts';
export type { Listening } from './listening.ts';
export type { ClientStatus, StatusListener } from './link-keeper.ts';
export type { ReconnectOptions } from './reconnect.ts';
export type { OutboundOptions } from './caller.ts';
export type { PageOptions } from './pagination.ts';
export type { RequestOptions } from './request-options.ts';
export type { Progress } from './progress.ts';
export { Server } from './server.ts';
export type { HandlerOf, OutcomeOf } from './server.ts';
export type { ServerLimits, ServerOptions } from './server-options.ts';
export type { Ask, AskOptions, Context, Handler } from './context.ts';
export type { Change } from './subscriptions.ts';
export { SessionError, isSessionError } from './session-error.ts';
export type { SessionErrorCode, SessionErrorOptions } from './session-error.ts';
// For authors of layers, extensions and servers of their own.
export type { ClientLayer, ClientRequest, Send } from './layers.ts';
export type { Layer } from './handlers.ts';
export type { RequestStateOptions } from './request-state.ts';
export { systemClock } from './clock.ts';
export type { Clock, Timer } from './clock.ts';
export type { Logger } from './logger.ts';
export { Suspended } from './suspended.ts';
export { reusable } from './reusable.ts';
export { fingerprint } from './fingerprint.ts';
