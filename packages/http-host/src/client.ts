/** What clients over HTTP share: requests that stay within one origin, and answers that are read within limits. */
export { serverAddress } from './client/address.ts';
export { networkError } from './client/network-error.ts';
export { bodyKind, readJson, readStream, type ReplySink } from './client/reply.ts';
export { request, type Fetch, type HttpRequest } from './client/request.ts';
export { readRefusal } from './client/status.ts';
