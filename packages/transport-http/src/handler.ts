import {
  acceptsAll,
  fetchFace,
  HttpHost,
  type FetchHandler,
  type HttpCall,
  type Route,
} from '@trunkline/http-host';
import {
  ErrorCode,
  findRevision,
  isRequest,
  isResponse,
  revisionsOf,
  unsupportedProtocolVersion,
  type JsonRpcMessage,
} from '@trunkline/protocol';
import { decodeFrame, TransportError, type Acceptor } from '@trunkline/transport';
import { LegacyServer } from './eras.ts';
import { noticeModern, readEnvelope, serveModern } from './modern/modern-server.ts';
import { answerError } from './server/answers.ts';
import { createCore, type Core } from './server/core.ts';
import type { HttpHandlerOptions } from './server/options.ts';

/** Brings what comes over HTTP to an acceptor. */
export interface HttpHandler {
  /** Answers requests wherever `Request` and `Response` are known; needs no `this`. */
  readonly fetch: FetchHandler;
  /** For faces: what checks calls, and what answers them. */
  readonly host: HttpHost;
  readonly route: Route;
  /** Ends what would not end on its own, so that clients come back elsewhere; running calls go on. */
  drain(): void;
  /** Answers new requests with 503, gives running ones `grace` milliseconds (10,000 unless given), ends all sessions. Idempotent, never rejects. */
  close(options?: { readonly grace?: number }): Promise<void>;
}

/**
 * Serves clients of both eras on one URL, without a setting: each message says which it belongs to. It listens nowhere; pass
 * requests to `fetch`, or to a face for another platform. Throws `misuse` for security settings that cannot be read.
 */
export function createHttpHandler(acceptor: Acceptor, options: HttpHandlerOptions = {}): HttpHandler {
  const host = new HttpHost(options);
  const site = createHttpSite(acceptor, host, options);
  let closing: Promise<void> | undefined;
  const close = async (grace: number): Promise<void> => {
    site.drain();
    await host.drain(grace);
    site.close();
  };
  return {
    fetch: fetchFace(host, site.route),
    host,
    route: site.route,
    drain: site.drain,
    close: ({ grace = 10_000 } = {}) => (closing ??= close(grace)),
  };
}

/** What is served on one URL. */
export interface HttpSite {
  readonly route: Route;
  readonly drain: () => void;
  readonly close: () => void;
}

/** Serves an acceptor behind a host that may serve others too. */
export function createHttpSite(acceptor: Acceptor, host: HttpHost, options: HttpHandlerOptions): HttpSite {
  const { eras = ['modern', 'legacy'], streamAfter = 10_000 } = options;
  const core = createCore(acceptor, host, streamAfter);
  const legacy = eras.includes('legacy') ? new LegacyServer(core, options.legacy) : undefined;
  const modern = eras.includes('modern');
  const post = async (call: HttpCall): Promise<void> => {
    const accept = call.header('accept');
    if (accept !== USUAL_ACCEPT && !acceptsAll(accept, REPLY_TYPES)) {
      return call.refuse(406, `the Accept header must allow ${REPLY_TYPES.join(' and ')}`);
    }
    const text = await call.bodyText();
    if (text === undefined) return;
    const decoded = decodeFrame(text, options.message);
    if (decoded instanceof TransportError) return unreadable(call, decoded);
    if (isNew(decoded) && host.refuseNew(call)) return;
    if (modern && !Array.isArray(decoded) && routeModern(core, call, decoded)) return;
    if (!legacy) return notLegacy(call, decoded);
    return legacy.post(call, decoded);
  };
  const route = (call: HttpCall): void | Promise<void> => {
    if (call.method === 'POST') return post(call);
    if (call.method === 'DELETE' && legacy) return legacy.delete(call);
    if (call.method !== 'GET' || !legacy) {
      return call.refuse(405, `${call.method} is not served here`, {
        fields: legacy ? ALLOW_ALL : ALLOW_POST,
      });
    }
    if (!host.refuseNew(call)) return legacy.get(call);
  };
  return {
    route: Object.assign(route, { whileDraining: true }),
    drain: () => legacy?.drain(),
    close() {
      legacy?.close();
      for (const answer of core.owed) answer.abandon();
      core.undecided.clear();
      core.streams.close();
    },
  };
}

const REPLY_TYPES = ['application/json', 'text/event-stream'];
const USUAL_ACCEPT = 'application/json, text/event-stream';
const ALLOW_POST = { allow: 'POST' };
const ALLOW_ALL = { allow: 'GET, POST, DELETE' };

/** Serves a message of the modern era; `false` if it is none. What claims to be one and is not is refused, never served as legacy. */
function routeModern(core: Core, call: HttpCall, message: JsonRpcMessage): boolean {
  if (isResponse(message)) return false;
  const envelope = readEnvelope(message);
  const stated = call.header('mcp-protocol-version');
  if (isRequest(message)) {
    if (envelope) serveModern(core, call, message, envelope);
    else if (message.method === 'initialize' || !isModern(stated)) return false;
    else answerError(call, 400, message.id, NO_ENVELOPE);
    return true;
  }
  const revision = envelope && 'revision' in envelope ? envelope.revision : stated;
  if (revision === undefined || !isModern(revision)) return false;
  noticeModern(core, call, message, revision);
  return true;
}

const NO_ENVELOPE = {
  code: ErrorCode.InvalidParams,
  message: 'the header names a revision whose requests say in _meta what they are, and this one does not',
};

function isModern(revision: string | undefined): boolean {
  return revision !== undefined && findRevision(revision)?.era === 'modern';
}

/** Whether a message asks for something; the others belong to what is running. */
function isNew(message: JsonRpcMessage | JsonRpcMessage[]): boolean {
  return Array.isArray(message) ? message.some(isRequest) : isRequest(message);
}

/** Not every unreadable body is a request that could be told so; a status tells in any case. */
function unreadable(call: HttpCall, error: TransportError): void {
  const { answer } = error;
  if (answer) answerError(call, 400, answer.id, answer.error);
  else call.refuse(400, error.message);
}

function notLegacy(call: HttpCall, message: JsonRpcMessage | JsonRpcMessage[]): void {
  if (Array.isArray(message)) return call.refuse(400, 'Invalid Request: batches are not served here');
  if (!isRequest(message)) return call.refuse(400, 'Invalid Request: this server takes requests only');
  const stated = message.params?.['protocolVersion'] ?? call.header('mcp-protocol-version');
  const requested = typeof stated === 'string' ? stated : 'none';
  answerError(call, 400, message.id, unsupportedProtocolVersion(requested, revisionsOf('modern')).toJSON());
}
