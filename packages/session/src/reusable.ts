import type { Implementation, JsonObject } from '@trunkline/protocol';

/** The JSON texts of one result, by revision and method. */
type Texts = Map<string, string>;

const REUSABLE = new WeakMap<JsonObject, WeakMap<Implementation, Texts>>();

/**
 * Marks a result that handlers return again and again and that never changes, such as a page of a list: a server writes it
 * as JSON once for each method and revision, not once for each request. A copy is an ordinary result, so layers may change
 * what they make of it.
 */
export function reusable<Result extends JsonObject>(result: Result): Result {
  if (!REUSABLE.has(result)) REUSABLE.set(result, new WeakMap());
  return result;
}

/** Where a server, which signs its results, keeps the texts of a reusable result; `undefined` for an ordinary one. */
export function textsOf(result: JsonObject, server: Implementation): Texts | undefined {
  const byServer = REUSABLE.get(result);
  if (!byServer) return undefined;
  let texts = byServer.get(server);
  if (!texts) byServer.set(server, (texts = new Map()));
  return texts;
}
