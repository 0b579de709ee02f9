import { describe, expect, test } from 'vitest';
import { findMethod } from './methods.ts';
import type { Direction } from './methods.ts';
import { REVISIONS } from './revisions.ts';

const dates = REVISIONS.map(({ date }) => date).toReversed();
const all = [true, true, true, true, true];
const legacyOnly = [true, true, true, true, false];
const modernOnly = [false, false, false, false, true];
const novemberOnly = [false, false, false, true, false];
const sinceJune = [false, false, true, true, false];

describe('the revisions that have a method', () => {
  test.each<[Direction, string, boolean[]]>([
    ['client-request', 'initialize', legacyOnly],
    ['client-request', 'ping', legacyOnly],
    ['server-request', 'ping', legacyOnly],
    ['client-request', 'server/discover', modernOnly],
    ['client-request', 'tools/list', all],
    ['client-request', 'tools/call', all],
    ['client-request', 'prompts/list', all],
    ['client-request', 'prompts/get', all],
    ['client-request', 'resources/list', all],
    ['client-request', 'resources/templates/list', all],
    ['client-request', 'resources/read', all],
    ['client-request', 'resources/subscribe', legacyOnly],
    ['client-request', 'resources/unsubscribe', legacyOnly],
    ['client-request', 'subscriptions/listen', modernOnly],
    ['client-request', 'completion/complete', all],
    ['client-request', 'logging/setLevel', legacyOnly],
    ['server-request', 'sampling/createMessage', legacyOnly],
    ['server-request', 'roots/list', legacyOnly],
    ['server-request', 'elicitation/create', sinceJune],
    ['client-request', 'tasks/get', novemberOnly],
    ['server-request', 'tasks/result', novemberOnly],
    ['client-request', 'tasks/list', novemberOnly],
    ['client-request', 'tasks/cancel', novemberOnly],
    ['client-notification', 'notifications/initialized', legacyOnly],
    ['client-notification', 'notifications/cancelled', all],
    ['server-notification', 'notifications/cancelled', all],
    ['client-notification', 'notifications/progress', legacyOnly],
    ['server-notification', 'notifications/progress', all],
    ['server-notification', 'notifications/message', all],
    ['server-notification', 'notifications/resources/updated', all],
    ['server-notification', 'notifications/resources/list_changed', all],
    ['server-notification', 'notifications/tools/list_changed', all],
    ['server-notification', 'notifications/prompts/list_changed', all],
    ['client-notification', 'notifications/roots/list_changed', legacyOnly],
    ['server-notification', 'notifications/elicitation/complete', novemberOnly],
    ['server-notification', 'notifications/tasks/status', novemberOnly],
    ['server-notification', 'notifications/subscriptions/acknowledged', modernOnly],
    ['server-request', 'tools/call', [false, false, false, false, false]],
    ['server-request', 'initialize', [false, false, false, false, false]],
    ['client-notification', 'notifications/message', [false, false, false, false, false]],
  ])('as %s: %s', (direction, method, expected) => {
    expect(dates.map((date) => findMethod(date, direction, method) !== undefined)).toEqual(expected);
  });

  test.each(['constructor', '__proto__', 'toString', '', 'rpc.discover'])(
    'do not include one for %j',
    (method) => {
      expect(dates.some((date) => findMethod(date, 'client-request', method))).toBe(false);
    },
  );
});

describe('the traits of a method', () => {
  const modern = dates.at(-1) ?? '';
  const requests = [
    'server/discover',
    'tools/list',
    'tools/call',
    'prompts/list',
    'prompts/get',
    'resources/list',
  ];
  const more = ['resources/templates/list', 'resources/read', 'completion/complete', 'subscriptions/listen'];
  const having = (trait: 'cacheable' | 'paginated' | 'mayRequireInput' | 'nameParam'): string[] =>
    [...requests, ...more].filter((method) => findMethod(modern, 'client-request', method)?.[trait]);

  test('say what may be cached, paged, left for more input and named in a header', () => {
    expect(having('cacheable')).toEqual([
      'server/discover',
      'tools/list',
      'prompts/list',
      'resources/list',
      'resources/templates/list',
      'resources/read',
    ]);
    expect(having('paginated')).toEqual([
      'tools/list',
      'prompts/list',
      'resources/list',
      'resources/templates/list',
    ]);
    expect(having('mayRequireInput')).toEqual(['tools/call', 'prompts/get', 'resources/read']);
    expect(having('nameParam')).toEqual(['tools/call', 'prompts/get', 'resources/read']);
    expect(findMethod(modern, 'client-request', 'resources/read')?.nameParam).toBe('uri');
  });

  test('say which capability opens it, where the revision has one for it', () => {
    const requires = (date: string | undefined, method: string) =>
      findMethod(date ?? '', 'client-request', method)?.requires;
    expect(requires(modern, 'tools/call')).toEqual({ tools: {} });
    expect(requires(dates[3], 'resources/subscribe')).toEqual({ resources: { subscribe: true } });
    expect(requires(modern, 'completion/complete')).toEqual({ completions: {} });
    expect(requires(dates[0], 'completion/complete')).toBeUndefined();
    expect(requires(modern, 'server/discover')).toBeUndefined();
  });
});
