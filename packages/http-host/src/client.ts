/** What clients over HTTP share: requests that stay within one origin, and answers that are read within limits. */
export { abortable } from './client/abortable.ts';
export { serverAddress } from './client/address.ts';
export { bodyKind, discard, type ReadLimits } from './client/body.ts';
export { networkError } from './client/network-error.ts';
export {
  readEvents,
  readJson,
  readStream,
  type EventSink,
  type ReplyLimits,
  type ReplySink,
} from './client/reply.ts';
export { request, type Fetch, type HttpRequest } from './client/request.ts';
export {
  checkedHeaders,
  requestsTo,
  type HttpHeaders,
  type LinkRequest,
  type MakeRequest,
  type RequestOptions,
} from './client/requests.ts';
export { readRefusal, type Refused } from './client/status.ts';
