import { MetaKey } from '../meta.ts';
import type {
  SubscriptionFilter,
  SubscriptionsAcknowledgedNotificationParams,
  SubscriptionsListenRequestParams,
  SubscriptionsListenResult,
} from '../subscriptions.ts';
import type { Common, Wire } from './common.ts';
import { boolean, listOf, object, optional, string } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type SubscriptionsSchemas = SchemasOf<{
  SubscriptionFilter: SubscriptionFilter;
  SubscriptionsListenRequestParams: SubscriptionsListenRequestParams;
  SubscriptionsListenResult: Wire<SubscriptionsListenResult>;
  SubscriptionsAcknowledgedNotificationParams: SubscriptionsAcknowledgedNotificationParams;
}>;

/** Subscriptions to changes: from 2026-07-28 on. */
export function subscriptionsSchemas({ types, request, notification, result }: Common): SubscriptionsSchemas {
  const SubscriptionFilter: Schema<SubscriptionFilter> = object({
    toolsListChanged: optional(boolean),
    promptsListChanged: optional(boolean),
    resourcesListChanged: optional(boolean),
    resourceSubscriptions: optional(listOf(string)),
  });
  return {
    SubscriptionFilter,
    SubscriptionsListenRequestParams: object({ notifications: SubscriptionFilter, ...request }),
    SubscriptionsListenResult: object({
      ...result,
      _meta: object<SubscriptionsListenResult['_meta']>({
        [MetaKey.serverInfo]: optional(types.Implementation),
        [MetaKey.subscriptionId]: types.RequestId,
      }),
    }),
    SubscriptionsAcknowledgedNotificationParams: object({
      notifications: SubscriptionFilter,
      ...notification,
    }),
  };
}
