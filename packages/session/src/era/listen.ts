import {
  ErrorCode,
  isJsonObject,
  MetaKey,
  RemoteError,
  type JsonObject,
  type JsonValue,
  type SubscriptionFilter,
} from '@trunkline/protocol';
import { changesOf, honoured, isFollowable, MAX_FOLLOWED, MAX_URI_LENGTH, methodOf } from '../changes.ts';
import { aborted } from '../on-abort.ts';
import type { ServedRequest } from './server-era.ts';

/**
 * Serves one `subscriptions/listen` until either side ends it: acknowledges what is honoured, then passes on changes, each
 * marked with the id of the request. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
 */
export async function listen(params: JsonObject, request: ServedRequest): Promise<JsonObject> {
  const { core } = request;
  const filter = honoured(readFilter(params['notifications']), core.capabilities());
  const _meta = { [MetaKey.subscriptionId]: request.id };
  const lease = core.listeners.take(request.origin.auth);
  const subscription = core.subscriptions.add({
    deliver: (change) =>
      request.notify(methodOf(change), change.kind === 'resource' ? { uri: change.uri, _meta } : { _meta }),
  });
  try {
    // Sent first, so it arrives before any change, though nobody waits for it here: no change is missed meanwhile.
    const acknowledged = request.notify('notifications/subscriptions/acknowledged', {
      notifications: filter as JsonObject,
      _meta,
    });
    for (const change of changesOf(filter)) subscription.follow(change);
    await acknowledged;
    await aborted(request.signal, core.closing);
    return { _meta };
  } finally {
    subscription.end();
    lease.release();
  }
}

function readFilter(asked: JsonValue | undefined): SubscriptionFilter {
  if (!isJsonObject(asked)) throw invalid('notifications is not an object');
  const uris = asked['resourceSubscriptions'];
  if (uris === undefined) return asked;
  if (Array.isArray(uris) && uris.length <= MAX_FOLLOWED && uris.every(isFollowable)) return asked;
  throw invalid(
    `resourceSubscriptions is not a list of at most ${MAX_FOLLOWED} URIs of at most ${MAX_URI_LENGTH}`,
  );
}

function invalid(reason: string): RemoteError {
  return new RemoteError(ErrorCode.InvalidParams, `subscriptions/listen: ${reason}`);
}
