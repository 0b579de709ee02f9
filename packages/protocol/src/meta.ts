import type { Implementation } from './implementation.ts';
import type { RequestId } from './json-rpc.ts';
import type { JsonObject, JsonValue } from './json.ts';

/** The `_meta` keys that the protocol reserves. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta */
export const MetaKey: {
  readonly protocolVersion: 'io.modelcontextprotocol/protocolVersion';
  readonly clientCapabilities: 'io.modelcontextprotocol/clientCapabilities';
  readonly clientInfo: 'io.modelcontextprotocol/clientInfo';
  readonly logLevel: 'io.modelcontextprotocol/logLevel';
  readonly serverInfo: 'io.modelcontextprotocol/serverInfo';
  readonly subscriptionId: 'io.modelcontextprotocol/subscriptionId';
  readonly relatedTask: 'io.modelcontextprotocol/related-task';
} = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
  relatedTask: 'io.modelcontextprotocol/related-task',
};

/** Metadata that anybody may add to. Keys follow the grammar that {@link isMetaKey} checks. */
export type Meta = JsonObject;

/** Asks for progress on a request and names it in the reports. Unique among the sender's open requests. */
export type ProgressToken = string | number;

/** Metadata of a request, without the envelope that the modern era stamps on it. */
export type RequestMeta = {
  progressToken?: ProgressToken;
  /** W3C Trace Context. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta */
  traceparent?: string;
  tracestate?: string;
  /** W3C Baggage. */
  baggage?: string;
  [key: string]: JsonValue | undefined;
};

/** Metadata of a result. */
export type ResultMeta = {
  'io.modelcontextprotocol/serverInfo'?: Implementation;
  'io.modelcontextprotocol/subscriptionId'?: RequestId;
  [key: string]: JsonValue | undefined;
};

/** Metadata of a notification. */
export type NotificationMeta = {
  /** The `subscriptions/listen` request that this notification is delivered for. */
  'io.modelcontextprotocol/subscriptionId'?: RequestId;
  [key: string]: JsonValue | undefined;
};

/** What every request may carry. */
export type RequestParams = {
  _meta?: RequestMeta;
};

/** What every notification may carry. */
export type NotificationParams = {
  _meta?: NotificationMeta;
};

/** What every result may carry. */
export type Result = {
  _meta?: ResultMeta;
};

/** A result that says no more than that it was done. */
export type EmptyResult = Result;

const LABEL = /^[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
const NAME = /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;

/**
 * Tells whether a string may be a `_meta` key: an optional prefix of dot-separated labels and a slash, then a name that
 * may be empty. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta
 */
export function isMetaKey(key: string): boolean {
  const slash = key.indexOf('/');
  return NAME.test(key.slice(slash + 1)) && (slash < 0 || isPrefix(key.slice(0, slash)));
}

/** Tells whether a string may identify an extension: the grammar of a `_meta` key, with a prefix and a name. */
export function isExtensionId(id: string): boolean {
  const slash = id.indexOf('/');
  return slash > 0 && slash < id.length - 1 && isMetaKey(id);
}

function isPrefix(prefix: string): boolean {
  return prefix.split('.').every((label) => LABEL.test(label));
}
