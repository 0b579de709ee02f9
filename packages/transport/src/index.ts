export * from './transport.ts';
export { TransportError, isTransportError, type TransportErrorCode, type TransportErrorOptions } from './transport-error.ts';
