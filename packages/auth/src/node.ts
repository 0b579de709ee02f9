/** What needs Node: credentials in a file, users who come back to a command-line program, and a `fetch` for strangers' addresses. */
export { fileCredentials, type FileCredentialsOptions } from './node/file-credentials.ts';
export {
  loopbackReceiver,
  type LoopbackReceiver,
  type LoopbackReceiverOptions,
} from './node/loopback-receiver.ts';
export { publicFetch, type PublicFetchOptions } from './node/public-fetch.ts';
