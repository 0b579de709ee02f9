import type { CompleteRequestParams, CompleteResult } from './completion.ts';
import type { DiscoverResult, InitializeRequestParams, InitializeResult } from './discovery.ts';
import type {
  ElicitationCompleteNotificationParams,
  ElicitRequestParams,
  ElicitResult,
} from './elicitation.ts';
import type { JsonObject } from './json.ts';
import type { LoggingMessageNotificationParams, SetLevelRequestParams } from './logging.ts';
import type { EmptyResult, NotificationParams, RequestParams } from './meta.ts';
import type { PaginatedRequestParams } from './pagination.ts';
import type { CancelledNotificationParams, ProgressNotificationParams } from './progress.ts';
import type { GetPromptRequestParams, GetPromptResult, ListPromptsResult } from './prompts.ts';
import type {
  ListResourcesResult,
  ListResourceTemplatesResult,
  ReadResourceRequestParams,
  ReadResourceResult,
  ResourceUpdatedNotificationParams,
  SubscribeRequestParams,
  UnsubscribeRequestParams,
} from './resources.ts';
import type { ListRootsResult } from './roots.ts';
import type { CreateMessageRequestParams, CreateMessageResult } from './sampling.ts';
import type {
  SubscriptionsAcknowledgedNotificationParams,
  SubscriptionsListenRequestParams,
  SubscriptionsListenResult,
} from './subscriptions.ts';
import type { CallToolRequestParams, CallToolResult, ListToolsResult } from './tools.ts';

/** What a client may ask a server. Extensions add their methods by declaration merging. */
export interface ClientRequests {
  initialize: { params: InitializeRequestParams; result: InitializeResult };
  ping: { params: RequestParams; result: EmptyResult };
  'server/discover': { params: RequestParams; result: DiscoverResult };
  'tools/list': { params: PaginatedRequestParams; result: ListToolsResult };
  'tools/call': { params: CallToolRequestParams; result: CallToolResult };
  'prompts/list': { params: PaginatedRequestParams; result: ListPromptsResult };
  'prompts/get': { params: GetPromptRequestParams; result: GetPromptResult };
  'resources/list': { params: PaginatedRequestParams; result: ListResourcesResult };
  'resources/templates/list': { params: PaginatedRequestParams; result: ListResourceTemplatesResult };
  'resources/read': { params: ReadResourceRequestParams; result: ReadResourceResult };
  'resources/subscribe': { params: SubscribeRequestParams; result: EmptyResult };
  'resources/unsubscribe': { params: UnsubscribeRequestParams; result: EmptyResult };
  'subscriptions/listen': { params: SubscriptionsListenRequestParams; result: SubscriptionsListenResult };
  'completion/complete': { params: CompleteRequestParams; result: CompleteResult };
  /** @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol. */
  'logging/setLevel': { params: SetLevelRequestParams; result: EmptyResult };
}

/** What a server may ask a client: as requests on a legacy link, as `inputRequests` in the modern era. */
export interface ServerRequests {
  ping: { params: RequestParams; result: EmptyResult };
  'elicitation/create': { params: ElicitRequestParams; result: ElicitResult };
  /** @deprecated Call the API of a language model directly. */
  'sampling/createMessage': { params: CreateMessageRequestParams; result: CreateMessageResult };
  /** @deprecated Pass paths as tool arguments, resource URIs or configuration. */
  'roots/list': { params: RequestParams; result: ListRootsResult };
}

/** What a client may tell a server. */
export interface ClientNotifications {
  'notifications/initialized': { params: NotificationParams };
  'notifications/cancelled': { params: CancelledNotificationParams };
  'notifications/progress': { params: ProgressNotificationParams };
  /** @deprecated Pass paths as tool arguments, resource URIs or configuration. */
  'notifications/roots/list_changed': { params: NotificationParams };
}

/** What a server may tell a client. */
export interface ServerNotifications {
  'notifications/cancelled': { params: CancelledNotificationParams };
  'notifications/progress': { params: ProgressNotificationParams };
  /** @deprecated Write to stderr or to OpenTelemetry instead of logging through the protocol. */
  'notifications/message': { params: LoggingMessageNotificationParams };
  'notifications/tools/list_changed': { params: NotificationParams };
  'notifications/prompts/list_changed': { params: NotificationParams };
  'notifications/resources/list_changed': { params: NotificationParams };
  'notifications/resources/updated': { params: ResourceUpdatedNotificationParams };
  'notifications/subscriptions/acknowledged': { params: SubscriptionsAcknowledgedNotificationParams };
  'notifications/elicitation/complete': { params: ElicitationCompleteNotificationParams };
}

/** The params of a method of one of the four maps. */
export type ParamsOf<
  Map extends { [M in keyof Map]: { params: JsonObject } },
  Method extends keyof Map,
> = Map[Method]['params'];

/** The result of a method of {@link ClientRequests} or {@link ServerRequests}. */
export type ResultOf<
  Map extends { [M in keyof Map]: { result: JsonObject } },
  Method extends keyof Map,
> = Map[Method]['result'];
