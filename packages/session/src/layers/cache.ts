import { findMethod, LATEST, type JsonObject } from '@trunkline/protocol';
import { systemClock, type Clock } from '../clock.ts';
import type { ClientLayer, ClientRequest, Send } from '../layers.ts';
import type { Change } from '../subscriptions.ts';

/** What a {@link ResponseCache} may be told. */
export interface ResponseCacheOptions {
  /**
   * Names on whose behalf requests are made: what a server gave as `private` is found again under the same name only. A
   * function is asked with each request. Nobody, unless given: then a cache must not serve several users.
   */
  readonly principal?: string | (() => string) | undefined;
  /** Answers that are kept; the one that was not used for longest goes first. 500 unless given. */
  readonly maxEntries?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Answers of one server that may be used again. */
export interface ResponseCache {
  /** Answers from memory what the server allowed to; `fresh` in the options of a request asks anew. */
  readonly layer: ClientLayer;
  /** Forgets what a change makes stale. */
  invalidate(change: Change): void;
  /** Forgets everything. */
  clear(): void;
}

interface Entry {
  readonly method: string;
  readonly params: JsonObject;
  readonly result: JsonObject;
  /** Both must hold: one clock stands still while the machine sleeps, the other jumps when it is set. */
  readonly until: number;
  readonly wallUntil: number;
}

/** Answers longer than this, as JSON, are not kept. */
const MAX_LENGTH = 1024 * 1024;

/**
 * Keeps answers for as long as their server allows, and no longer than until a notification says otherwise. Clients of one
 * server may share it. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/caching
 */
export function responseCache(options: ResponseCacheOptions = {}): ResponseCache {
  const { principal = '', maxEntries = 500, clock = systemClock } = options;
  const entries = new Map<string, Entry>();
  let generation = 0;

  const find = (key: string): JsonObject | undefined => {
    const entry = entries.get(key);
    entries.delete(key);
    if (!entry || entry.until <= clock.now() || entry.wallUntil <= clock.wall()) return undefined;
    entries.set(key, entry);
    return structuredClone(entry.result);
  };
  const keep = (key: string, { method, params }: ClientRequest, result: JsonObject): void => {
    const ttl = result['ttlMs'] as number;
    if (JSON.stringify(result).length > MAX_LENGTH) return;
    const [until, wallUntil] = [clock.now() + ttl, clock.wall() + ttl];
    entries.delete(key);
    entries.set(key, { method, params, result: structuredClone(result), until, wallUntil });
    const [oldest] = entries.keys();
    if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest);
  };
  const ask = async (next: Send, request: ClientRequest): Promise<JsonObject> => {
    if (!isCacheable(request)) return next(request);
    const who = typeof principal === 'function' ? principal() : principal;
    const [shared, own] = [keyOf(request, undefined), keyOf(request, who)];
    const known = request.options.fresh ? undefined : (find(own) ?? find(shared));
    if (known) return known;
    const asked = generation;
    const result = await next(request);
    // What changed while the answer was on its way may not be in it.
    if (asked === generation && isKept(result))
      keep(result['cacheScope'] === 'public' ? shared : own, request, result);
    return result;
  };
  const forget = (isStale: (entry: Entry) => boolean): void => {
    generation += 1;
    for (const [key, entry] of entries) if (isStale(entry)) entries.delete(key);
  };
  return {
    layer: (next) => (request) => ask(next, request),
    invalidate: (change) => forget((entry) => concerns(change, entry)),
    clear: () => forget(() => true),
  };
}

function isCacheable({ method, params, options }: ClientRequest): boolean {
  const retried = params['requestState'] !== undefined || params['inputResponses'] !== undefined;
  return (
    !retried &&
    options.inputRequired !== 'return' &&
    findMethod(LATEST.modern, 'client-request', method)?.cacheable === true
  );
}

function isKept({ ttlMs, resultType }: JsonObject): boolean {
  return resultType === undefined && typeof ttlMs === 'number' && ttlMs > 0;
}

/** Private answers are kept by principal, so that no principal can be called like the place for public ones. */
function keyOf({ method, params, options }: ClientRequest, principal: string | undefined): string {
  const { _meta, ...asked } = params;
  const members = Object.entries({ ...asked, ...options.meta }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([method, members, ...(principal === undefined ? [] : [principal])]);
}

function concerns(change: Change, { method, params }: Entry): boolean {
  if (change.kind === 'resource') return method === 'resources/read' && params['uri'] === change.uri;
  if (change.kind === 'resources') return method.startsWith('resources/') && method.endsWith('list');
  return method === `${change.kind}/list`;
}
