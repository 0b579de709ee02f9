import type { JsonRpcNotification, ServerCapabilities, SubscriptionFilter } from '@trunkline/protocol';
import type { Change } from './subscriptions.ts';

/** Resources that one subscription, or one legacy client, may follow. */
export const MAX_FOLLOWED = 1024;

/** Longest URI that may be followed, in UTF-16 units. */
export const MAX_URI_LENGTH: number = 8 * 1024;

const LISTS = ['tools', 'prompts', 'resources'] as const;

/** The method of the notification that tells of a change. */
export function methodOf(change: Change): string {
  return change.kind === 'resource'
    ? 'notifications/resources/updated'
    : `notifications/${change.kind}/list_changed`;
}

/** Tells whether a value is a URI that may be followed. */
export function isFollowable(uri: unknown): uri is string {
  return typeof uri === 'string' && uri.length <= MAX_URI_LENGTH;
}

/** The change that a notification tells of, if it is such a notification. */
export function changeIn({ method, params }: JsonRpcNotification): Change | undefined {
  const uri = params?.['uri'];
  if (method === 'notifications/resources/updated')
    return typeof uri === 'string' ? { kind: 'resource', uri } : undefined;
  const kind = LISTS.find((list) => method === `notifications/${list}/list_changed`);
  return kind && { kind };
}

/** The part of a filter that a server with these capabilities reports. */
export function honoured(filter: SubscriptionFilter, capabilities: ServerCapabilities): SubscriptionFilter {
  return {
    ...(filter.toolsListChanged && capabilities.tools?.listChanged && { toolsListChanged: true }),
    ...(filter.promptsListChanged && capabilities.prompts?.listChanged && { promptsListChanged: true }),
    ...(filter.resourcesListChanged && capabilities.resources?.listChanged && { resourcesListChanged: true }),
    ...(filter.resourceSubscriptions &&
      capabilities.resources?.subscribe && { resourceSubscriptions: filter.resourceSubscriptions }),
  };
}

/** Everything that a filter selects. */
export function changesOf(filter: SubscriptionFilter): Change[] {
  const lists = LISTS.filter((kind) => filter[`${kind}ListChanged`]).map((kind): Change => ({ kind }));
  return [
    ...lists,
    ...(filter.resourceSubscriptions ?? []).map((uri): Change => ({ kind: 'resource', uri })),
  ];
}
