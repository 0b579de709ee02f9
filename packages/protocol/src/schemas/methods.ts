import * as z from 'zod/mini';
import type { InputRequiredResult } from '../input-required.ts';
import type { ClientNotifications, ClientRequests, ServerNotifications, ServerRequests } from '../methods.ts';
import { findMethod } from '../revision/methods.ts';
import type { Direction } from '../revision/methods.ts';
import type { Wire } from './common.ts';
import { entry, omissible } from './entries.ts';
import type { Schema } from './shape.ts';
import type { TypeSchemas } from './types.ts';

/** The schema of a method's params, which accepts `undefined` where they may be left out. */
export type ParamsSchema<Params> =
  Partial<Params> extends Params ? Schema<Params | undefined> : Schema<Params>;

/** The schema of a method's result, which in the modern era may ask for more input. */
export type ResultSchema<Method, Result> = Schema<
  | Wire<Result>
  | (Method extends 'tools/call' | 'prompts/get' | 'resources/read' ? InputRequiredResult : never)
>;

/** The schemas of requests by method; absent: the revision does not have the method. */
export type RequestSchemas<Requests extends { [M in keyof Requests]: { params: unknown; result: unknown } }> =
  {
    readonly [Method in keyof Requests]?:
      | {
          readonly params: ParamsSchema<Requests[Method]['params']>;
          readonly result: ResultSchema<Method, Requests[Method]['result']>;
        }
      | undefined;
  };

/** The schemas of notifications by method; absent: the revision does not have the method. */
export type NotificationSchemas<Notifications extends { [M in keyof Notifications]: { params: unknown } }> = {
  readonly [Method in keyof Notifications]?:
    | { readonly params: ParamsSchema<Notifications[Method]['params']> }
    | undefined;
};

/** The schemas of a revision by method, one map for each direction. The maps have no prototype. */
export interface MethodSchemas {
  readonly clientRequests: RequestSchemas<ClientRequests>;
  readonly serverRequests: RequestSchemas<ServerRequests>;
  readonly clientNotifications: NotificationSchemas<ClientNotifications>;
  readonly serverNotifications: NotificationSchemas<ServerNotifications>;
}

/** The schemas of the methods of one revision. */
export function methodSchemas(revision: string, types: TypeSchemas): MethodSchemas {
  const known = <Methods>(direction: Direction, methods: Methods): Methods => {
    const entries = Object.entries(methods as object).filter(([method]) =>
      findMethod(revision, direction, method),
    );
    return Object.assign(Object.create(null) as Methods & object, Object.fromEntries(entries));
  };
  return {
    clientRequests: known('client-request', clientRequests(types)),
    serverRequests: known('server-request', serverRequests(types)),
    clientNotifications: known('client-notification', clientNotifications(types)),
    serverNotifications: known('server-notification', serverNotifications(types)),
  };
}

function clientRequests(types: TypeSchemas): MethodSchemas['clientRequests'] {
  const { InputRequiredResult, RequestParams, PaginatedRequestParams, Result } = types;
  const orInput = <T>(result: Schema<T>): Schema<T | InputRequiredResult> =>
    InputRequiredResult ? z.union([InputRequiredResult, result]) : result;
  return {
    initialize: entry(types.InitializeRequestParams, types.InitializeResult),
    ping: entry(omissible(RequestParams), Result),
    'server/discover': entry(RequestParams, types.DiscoverResult),
    'tools/list': entry(omissible(PaginatedRequestParams), types.ListToolsResult),
    'tools/call': entry(types.CallToolRequestParams, orInput(types.CallToolResult)),
    'prompts/list': entry(omissible(PaginatedRequestParams), types.ListPromptsResult),
    'prompts/get': entry(types.GetPromptRequestParams, orInput(types.GetPromptResult)),
    'resources/list': entry(omissible(PaginatedRequestParams), types.ListResourcesResult),
    'resources/templates/list': entry(omissible(PaginatedRequestParams), types.ListResourceTemplatesResult),
    'resources/read': entry(types.ReadResourceRequestParams, orInput(types.ReadResourceResult)),
    'resources/subscribe': entry(types.SubscribeRequestParams, Result),
    'resources/unsubscribe': entry(types.UnsubscribeRequestParams, Result),
    'subscriptions/listen': entry(types.SubscriptionsListenRequestParams, types.SubscriptionsListenResult),
    'completion/complete': entry(types.CompleteRequestParams, types.CompleteResult),
    'logging/setLevel': entry(types.SetLevelRequestParams, Result),
  };
}

function serverRequests(types: TypeSchemas): MethodSchemas['serverRequests'] {
  return {
    ping: entry(omissible(types.RequestParams), types.Result),
    'elicitation/create': entry(types.ElicitRequestParams, types.ElicitResult),
    'sampling/createMessage': entry(types.CreateMessageRequestParams, types.CreateMessageResult),
    'roots/list': entry(omissible(types.RequestParams), types.ListRootsResult),
  };
}

function clientNotifications(types: TypeSchemas): MethodSchemas['clientNotifications'] {
  const plain = { params: omissible(types.NotificationParams) };
  return {
    'notifications/initialized': plain,
    'notifications/cancelled': { params: types.CancelledNotificationParams },
    'notifications/progress': { params: types.ProgressNotificationParams },
    'notifications/roots/list_changed': plain,
  };
}

function serverNotifications(types: TypeSchemas): MethodSchemas['serverNotifications'] {
  const { SubscriptionsAcknowledgedNotificationParams, ElicitationCompleteNotificationParams } = types;
  const plain = { params: omissible(types.NotificationParams) };
  return {
    'notifications/cancelled': { params: types.CancelledNotificationParams },
    'notifications/progress': { params: types.ProgressNotificationParams },
    'notifications/message': { params: types.LoggingMessageNotificationParams },
    'notifications/tools/list_changed': plain,
    'notifications/prompts/list_changed': plain,
    'notifications/resources/list_changed': plain,
    'notifications/resources/updated': { params: types.ResourceUpdatedNotificationParams },
    'notifications/subscriptions/acknowledged': SubscriptionsAcknowledgedNotificationParams && {
      params: SubscriptionsAcknowledgedNotificationParams,
    },
    'notifications/elicitation/complete': ElicitationCompleteNotificationParams && {
      params: ElicitationCompleteNotificationParams,
    },
  };
}
