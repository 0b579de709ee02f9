import type { JsonObject } from '@trunkline/protocol';
import { principalOf, systemClock, type Clock } from '@trunkline/session';
import type { Call, Middleware } from '../call.ts';

/** What is kept, and for how long. */
export interface CachingOptions {
  /** Milliseconds for which a result is good. */
  readonly ttl: number;
  /** Results kept at once; the least recently used give way. 1,000 unless given. */
  readonly maxEntries?: number;
  /** Most characters of a result as JSON; longer ones are not kept. 64 KiB unless given. */
  readonly maxLength?: number;
  /** Which calls. Resources, prompts, and tools that say `readOnlyHint` unless given. */
  readonly include?: (call: Call) => boolean;
  /** Whether callers share results. Each principal, and each link of callers nobody verified, has its own unless told otherwise. */
  readonly shared?: boolean;
  readonly clock?: Clock;
}

interface Kept {
  readonly json: string;
  readonly until: number;
}

/** Answers a call that was answered before. Errors, and what depended on questions to the caller, are never kept. */
export function caching(options: CachingOptions): Middleware {
  const {
    ttl,
    maxEntries = 1000,
    maxLength = 65_536,
    include = isReading,
    shared = false,
    clock = systemClock,
  } = options;
  const kept = new Map<string, Kept>();
  const sessions = new WeakMap<object, string>();
  return async (call, next) => {
    if (!include(call)) return next();
    const owner = shared ? '' : ownerOf(call, sessions);
    if (owner === undefined) return next();
    const key = JSON.stringify([owner, call.kind, call.name, canonical(call.args)]);
    const known = kept.get(key);
    kept.delete(key);
    if (known && known.until > clock.now()) {
      kept.set(key, known);
      return JSON.parse(known.json) as JsonObject;
    }
    const result = await next();
    const json = mayBeKept(result, call) ? JSON.stringify(result) : undefined;
    if (json === undefined || json.length > maxLength) return result;
    if (kept.size >= maxEntries) kept.delete(kept.keys().next().value ?? '');
    kept.set(key, { json, until: clock.now() + ttl });
    return result;
  };
}

function isReading({ kind, definition }: Call): boolean {
  return kind !== 'tool' || definition.annotations?.readOnlyHint === true;
}

/** Nobody for a caller who cannot be told from others. */
function ownerOf({ context }: Call, sessions: WeakMap<object, string>): string | undefined {
  const principal = principalOf(context.auth);
  if (principal !== '') return principal;
  if (!context.session) return undefined;
  let id = sessions.get(context.session);
  if (id === undefined) sessions.set(context.session, (id = crypto.randomUUID()));
  return id;
}

function mayBeKept(result: JsonObject, { context }: Call): boolean {
  const asked = 'asked' in context && context.asked === true;
  return !asked && result['isError'] !== true && result['resultType'] !== 'input_required';
}

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return { members: entries.map(([name, member]) => [name, canonical(member)]) };
}
