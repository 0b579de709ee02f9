export * from './transport.ts';
export { TransportError, isTransportError, type TransportErrorCode, type TransportErrorOptions } from './transport-error.ts';
export type { Listener, Listening, ListenOptions } from './listener.ts';
