import type {
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  JsonRpcResultResponse,
} from '../json-rpc.ts';
import type { JsonObject } from '../json.ts';
import { entriesOf, entry, omissible } from './entries.ts';
import type { Entry } from './entries.ts';
import type { MethodSchemas } from './methods.ts';
import { literal, object, optional } from './shape.ts';
import type { Optional, Schema } from './shape.ts';
import type { TypeSchemas } from './types.ts';

/**
 * Whole messages by the specification's name for them: `CallToolRequest`, `CallToolResultResponse`, `ProgressNotification`
 * and so on. The map has no prototype; absent: the revision does not have the message.
 */
export type MessageSchemas = Readonly<Record<string, Schema<JsonRpcMessage> | undefined>>;

/** The schemas of the messages of one revision. */
export function messageSchemas(types: TypeSchemas, methods: MethodSchemas): MessageSchemas {
  const messages = Object.create(null) as Record<string, Schema<JsonRpcMessage>>;
  const frame = { jsonrpc: literal('2.0'), id: types.RequestId };
  for (const [method, { params, result }] of [
    ...entriesOf(methods.clientRequests),
    ...entriesOf(methods.serverRequests),
    ...entriesOf(legacyTaskRequests(types)),
  ]) {
    const request = { ...frame, method: literal(method), params: memberOf(params) };
    messages[`${stemOf(method)}Request`] = object<JsonRpcRequest>(request);
    if (result)
      messages[`${stemOf(method)}ResultResponse`] = object<JsonRpcResultResponse>({ ...frame, result });
  }
  for (const [method, { params }] of [
    ...entriesOf(methods.clientNotifications),
    ...entriesOf(methods.serverNotifications),
    ...entriesOf(legacyTaskNotifications(types)),
  ]) {
    const notification = { jsonrpc: frame.jsonrpc, method: literal(method), params: memberOf(params) };
    messages[`${stemOf(method)}Notification`] = object<JsonRpcNotification>(notification);
  }
  return messages;
}

/** The maps of methods leave these to the Tasks extension, whose requests have the same names and other shapes. */
function legacyTaskRequests(types: TypeSchemas): Readonly<Record<string, Entry | undefined>> {
  return {
    'tasks/get': entry(types.RelatedTaskMetadata, types.GetTaskResult),
    'tasks/result': entry(types.RelatedTaskMetadata, types.GetTaskPayloadResult),
    'tasks/cancel': entry(types.RelatedTaskMetadata, types.CancelTaskResult),
    'tasks/list': entry(omissible(types.PaginatedRequestParams), types.ListTasksResult),
  };
}

function legacyTaskNotifications(types: TypeSchemas): Readonly<Record<string, Entry | undefined>> {
  const params = types.TaskStatusNotificationParams;
  return { 'notifications/tasks/status': params && { params } };
}

function memberOf(params: Schema<JsonObject | undefined>): Schema<JsonObject> | Optional<JsonObject> {
  const present = params as Schema<JsonObject>;
  return params.safeParse(undefined).success ? optional(present) : present;
}

function stemOf(method: string): string {
  return STEMS.get(method) ?? method;
}

const STEMS: ReadonlyMap<string, string> = new Map([
  ['initialize', 'Initialize'],
  ['ping', 'Ping'],
  ['server/discover', 'Discover'],
  ['tools/list', 'ListTools'],
  ['tools/call', 'CallTool'],
  ['prompts/list', 'ListPrompts'],
  ['prompts/get', 'GetPrompt'],
  ['resources/list', 'ListResources'],
  ['resources/templates/list', 'ListResourceTemplates'],
  ['resources/read', 'ReadResource'],
  ['resources/subscribe', 'Subscribe'],
  ['resources/unsubscribe', 'Unsubscribe'],
  ['subscriptions/listen', 'SubscriptionsListen'],
  ['completion/complete', 'Complete'],
  ['logging/setLevel', 'SetLevel'],
  ['elicitation/create', 'Elicit'],
  ['sampling/createMessage', 'CreateMessage'],
  ['roots/list', 'ListRoots'],
  ['tasks/get', 'GetTask'],
  ['tasks/result', 'GetTaskPayload'],
  ['tasks/cancel', 'CancelTask'],
  ['tasks/list', 'ListTasks'],
  ['notifications/initialized', 'Initialized'],
  ['notifications/cancelled', 'Cancelled'],
  ['notifications/progress', 'Progress'],
  ['notifications/message', 'LoggingMessage'],
  ['notifications/tools/list_changed', 'ToolListChanged'],
  ['notifications/prompts/list_changed', 'PromptListChanged'],
  ['notifications/resources/list_changed', 'ResourceListChanged'],
  ['notifications/resources/updated', 'ResourceUpdated'],
  ['notifications/roots/list_changed', 'RootsListChanged'],
  ['notifications/subscriptions/acknowledged', 'SubscriptionsAcknowledged'],
  ['notifications/tasks/status', 'TaskStatus'],
  ['notifications/elicitation/complete', 'ElicitationComplete'],
]);
