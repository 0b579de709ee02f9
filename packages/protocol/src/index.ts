// For users.
export { McpError, isMcpError, type Delivery } from './mcp-error.ts';
export { RemoteError, isRemoteError } from './remote-error.ts';
export { ProtocolError, isProtocolError, type ProtocolErrorCode } from './protocol-error.ts';
// For authors of transports and extensions.
export * from './json.ts';
export * from './json-rpc.ts';
export { MetaKey } from './meta.ts';
export { ASSUMED_REVISION, LATEST, REVISIONS, codecOf, findRevision, revisionsOf, type Revision } from './revision/index.ts';
export type { EncodeContext, Envelope, Era, Outcome, RevisionCodec } from './revision/codec.ts';
