import { describe, expect, expectTypeOf, test } from 'vitest';
import type { InputRequiredResult } from './input-required.ts';
import type { JsonObject } from './json.ts';
import type {
  ClientNotifications,
  ClientRequests,
  ParamsOf,
  ResultOf,
  ServerNotifications,
  ServerRequests,
} from './methods.ts';
import { REVISIONS } from './revision/revisions.ts';
import { findMethod } from './revision/methods.ts';
import type { Direction } from './revision/methods.ts';
import type { CallToolRequestParams, CallToolResult } from './tools.ts';

// Each of these four does not compile until it names every method of its map.
const clientRequests: Record<keyof ClientRequests, true> = {
  initialize: true,
  ping: true,
  'server/discover': true,
  'tools/list': true,
  'tools/call': true,
  'prompts/list': true,
  'prompts/get': true,
  'resources/list': true,
  'resources/templates/list': true,
  'resources/read': true,
  'resources/subscribe': true,
  'resources/unsubscribe': true,
  'subscriptions/listen': true,
  'completion/complete': true,
  'logging/setLevel': true,
};
const serverRequests: Record<keyof ServerRequests, true> = {
  ping: true,
  'elicitation/create': true,
  'sampling/createMessage': true,
  'roots/list': true,
};
const clientNotifications: Record<keyof ClientNotifications, true> = {
  'notifications/initialized': true,
  'notifications/cancelled': true,
  'notifications/progress': true,
  'notifications/roots/list_changed': true,
};
const serverNotifications: Record<keyof ServerNotifications, true> = {
  'notifications/cancelled': true,
  'notifications/progress': true,
  'notifications/message': true,
  'notifications/tools/list_changed': true,
  'notifications/prompts/list_changed': true,
  'notifications/resources/list_changed': true,
  'notifications/resources/updated': true,
  'notifications/subscriptions/acknowledged': true,
  'notifications/elicitation/complete': true,
};

describe('the maps of methods', () => {
  test.each<[Direction, object]>([
    ['client-request', clientRequests],
    ['server-request', serverRequests],
    ['client-notification', clientNotifications],
    ['server-notification', serverNotifications],
  ])('name only methods that some revision has as a %s', (direction, names) => {
    const unknown = Object.keys(names).filter(
      (method) => !REVISIONS.some(({ date }) => findMethod(date, direction, method)),
    );
    expect(unknown).toEqual([]);
  });

  test('give a method its params and its result', () => {
    expectTypeOf<ParamsOf<ClientRequests, 'tools/call'>>().toEqualTypeOf<CallToolRequestParams>();
    expectTypeOf<ResultOf<ClientRequests, 'tools/call'>>().toEqualTypeOf<CallToolResult>();
    expectTypeOf<ParamsOf<ServerNotifications, 'notifications/progress'>>().toHaveProperty('progressToken');
    expectTypeOf<CallToolResult>().not.toHaveProperty('resultType');
    expectTypeOf<InputRequiredResult['resultType']>().toEqualTypeOf<'input_required'>();
  });

  test('hold nothing but JSON', () => {
    expectTypeOf<ParamsOf<ClientRequests, keyof ClientRequests>>().toExtend<JsonObject>();
    expectTypeOf<ResultOf<ClientRequests, keyof ClientRequests>>().toExtend<JsonObject>();
    expectTypeOf<ParamsOf<ServerRequests, keyof ServerRequests>>().toExtend<JsonObject>();
    expectTypeOf<ResultOf<ServerRequests, keyof ServerRequests>>().toExtend<JsonObject>();
    expectTypeOf<ParamsOf<ClientNotifications, keyof ClientNotifications>>().toExtend<JsonObject>();
    expectTypeOf<ParamsOf<ServerNotifications, keyof ServerNotifications>>().toExtend<JsonObject>();
  });
});
