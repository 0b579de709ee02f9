import type { RequestId } from './json-rpc.ts';
import type { NotificationParams, RequestParams, ResultMeta } from './meta.ts';

/** Which changes a listener wants to hear of; what is absent is not reported. */
export type SubscriptionFilter = {
  toolsListChanged?: boolean;
  promptsListChanged?: boolean;
  resourcesListChanged?: boolean;
  /** URIs of resources, not of templates. */
  resourceSubscriptions?: string[];
};

/** Opens a stream of change notifications. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions */
export type SubscriptionsListenRequestParams = RequestParams & {
  notifications: SubscriptionFilter;
};

/** Ends a subscription gracefully; its id has the type that the request's id had. */
export type SubscriptionsListenResult = {
  _meta: ResultMeta & { 'io.modelcontextprotocol/subscriptionId': RequestId };
};

/** Opens a subscription: always its first message, and says which changes will be reported. */
export type SubscriptionsAcknowledgedNotificationParams = NotificationParams & {
  notifications: SubscriptionFilter;
};
