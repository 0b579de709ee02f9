import type { Layer, Server } from '@trunkline/session';
import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';
import type { ClientGroup } from './group.ts';

/**
 * Follows in the group what clients of a server follow, and tells them of its changes. Where a client subscribes for the
 * length of a request, so does the group; a legacy subscription is kept until it is ended or the group closes.
 */
export function relaySubscriptions(server: Server, group: ClientGroup): void {
  const followed = new Counted(
    (uri) => void group.subscribeResource(uri).catch(() => followed.forget(uri)),
    (uri) => void group.unsubscribeResource(uri),
  );
  group.onChange((change) => server.changed(change));
  const layer: Layer = (next) => async (params, context) => {
    if (context.method === 'resources/subscribe') followed.add(params['uri']);
    if (context.method === 'resources/unsubscribe') followed.drop(params['uri']);
    if (context.method !== 'subscriptions/listen') return next(params, context);
    const uris = urisIn(params);
    for (const uri of uris) followed.add(uri);
    try {
      return await next(params, context);
    } finally {
      for (const uri of uris) followed.drop(uri);
    }
  };
  server.use(layer);
}

/** Tells of the first and the last of those who want the same. */
class Counted {
  readonly #counts = new Map<string, number>();
  readonly #first: (uri: string) => void;
  readonly #last: (uri: string) => void;

  constructor(first: (uri: string) => void, last: (uri: string) => void) {
    this.#first = first;
    this.#last = last;
  }

  add(uri: unknown): void {
    if (typeof uri !== 'string') return;
    const count = this.#counts.get(uri) ?? 0;
    this.#counts.set(uri, count + 1);
    if (count === 0) this.#first(uri);
  }

  drop(uri: unknown): void {
    const count = typeof uri === 'string' ? (this.#counts.get(uri) ?? 0) : 0;
    if (count > 1) this.#counts.set(uri as string, count - 1);
    else if (this.#counts.delete(uri as string)) this.#last(uri as string);
  }

  forget(uri: string): void {
    this.#counts.delete(uri);
  }
}

function urisIn(params: JsonObject): readonly JsonValue[] {
  const filter = params['notifications'];
  const uris = isJsonObject(filter) ? filter['resourceSubscriptions'] : undefined;
  return Array.isArray(uris) && uris.length <= 1_024 ? uris : [];
}
