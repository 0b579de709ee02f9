import type * as z from 'zod/mini';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import type { InputRequiredResult } from '../input-required.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { messageDefect } from '../json-rpc.ts';
import type { ClientRequests } from '../methods.ts';
import { findMethod } from '../revision/methods.ts';
import { REVISIONS } from '../revision/revisions.ts';
import type { Tool } from '../tool.ts';
import type { CallToolResult } from '../tools.ts';
import { schemasOf } from './schemas-of.ts';
import { object, optional, string } from './shape.ts';
import type { Schema } from './shape.ts';

const of = (date: string) => {
  const schemas = schemasOf(date);
  if (!schemas) throw new Error(`no schemas of ${date}`);
  return schemas;
};
const [modern, november, june, march, first] = REVISIONS.map(({ date }) => of(date));
const accepts = (schema: Schema<unknown> | undefined, value: unknown) => schema?.safeParse(value).success;

describe('the schemas', () => {
  test('are there for every revision that is spoken, built once', () => {
    for (const { date } of REVISIONS) {
      expect(of(date).revision).toBe(date);
      expect(schemasOf(date)).toBe(of(date));
    }
    expect(schemasOf('1900-01-01')).toBeUndefined();
    expect(schemasOf('constructor')).toBeUndefined();
  });

  test('cover the methods of their revision, and no others', () => {
    for (const { date } of REVISIONS) {
      const { clientRequests, serverRequests, clientNotifications, serverNotifications } = of(date);
      for (const [direction, map] of [
        ['client-request', clientRequests],
        ['server-request', serverRequests],
        ['client-notification', clientNotifications],
        ['server-notification', serverNotifications],
      ] as const) {
        expect(Object.keys(map).filter((method) => !findMethod(date, direction, method))).toEqual([]);
        expect(map).not.toHaveProperty('constructor');
      }
    }
    expect(Object.keys(modern?.clientRequests ?? {})).toHaveLength(10);
    expect(Object.keys(november?.clientRequests ?? {})).toHaveLength(13);
    expect(Object.keys(modern?.serverRequests ?? {})).toEqual([]);
  });

  test('leave unknown members in place', () => {
    const content = [{ type: 'text', text: 'x', extra: 1 }];
    const result = { resultType: 'complete', content, com: { example: true } };
    expect(modern?.types.CallToolResult.parse(result)).toEqual(result);
  });
});

describe('the revisions differ', () => {
  const tool = { name: 'a', inputSchema: { type: 'object' }, outputSchema: { type: 'array' } };

  test('in what a modern message must carry', () => {
    const params = { name: 'a' };
    expect(accepts(november?.clientRequests['tools/call']?.params, params)).toBe(true);
    expect(accepts(modern?.clientRequests['tools/call']?.params, params)).toBe(false);
    expect(accepts(november?.clientRequests['tools/list']?.params, undefined)).toBe(true);
    expect(accepts(modern?.clientRequests['tools/list']?.params, undefined)).toBe(false);
    expect(accepts(november?.clientRequests['tools/list']?.result, { tools: [] })).toBe(true);
    expect(accepts(modern?.clientRequests['tools/list']?.result, { tools: [], resultType: 'complete' })).toBe(
      false,
    );
  });

  test('in what an output schema may be', () => {
    expect([modern, november, june, march].map((schemas) => accepts(schemas?.types.Tool, tool))).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('in the kinds of content', () => {
    const audio = { type: 'audio', data: '', mimeType: 'audio/wav' };
    const link = { type: 'resource_link', uri: 'a:b', name: 'a' };
    const all = [modern, november, june, march, first];
    expect(all.map((schemas) => accepts(schemas?.types.ContentBlock, audio))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
    expect(all.map((schemas) => accepts(schemas?.types.ContentBlock, link))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });

  test('in whether a result may ask for more', () => {
    const asking = { resultType: 'input_required', requestState: 's' };
    expect(accepts(modern?.clientRequests['tools/call']?.result, asking)).toBe(true);
    expect(accepts(modern?.clientRequests['tools/call']?.result, { resultType: 'input_required' })).toBe(
      false,
    );
    expect(accepts(modern?.clientRequests['tools/list']?.result, asking)).toBe(false);
    expect(accepts(november?.clientRequests['tools/call']?.result, asking)).toBe(false);
  });
});

describe('the check of messages that is written by hand', () => {
  const frames = fc.constantFrom<JsonObject>(
    { jsonrpc: '2.0', id: 1, method: 'a', params: {} },
    { jsonrpc: '2.0', method: 'a' },
    { jsonrpc: '2.0', id: 'x', result: {} },
    { jsonrpc: '2.0', id: 2, error: { code: -1, message: 'm' } },
    { jsonrpc: '2.0', error: { code: -1, message: 'm', data: null } },
  );
  const names = fc.constantFrom('jsonrpc', 'id', 'method', 'params', 'result', 'error', 'other');
  const others = fc.constantFrom<JsonValue>(
    '2.0',
    7,
    '',
    null,
    1.5,
    {},
    [],
    { code: 1, message: '' },
    { code: 'x' },
  );
  const messages = fc
    .tuple(frames, names, others)
    .map(([frame, name, value]): JsonObject => ({ ...frame, [name]: value }));

  const schemaFor = ({ method, id, result }: JsonObject) => {
    if (method !== undefined) return id === undefined ? 'JSONRPCNotification' : 'JSONRPCRequest';
    return result === undefined ? 'JSONRPCErrorResponse' : 'JSONRPCResultResponse';
  };

  test('agrees with the schemas', () => {
    fc.assert(
      fc.property(messages, (message) => {
        // The check also refuses an empty method and two answers in one, and takes the null id of an older peer's error.
        fc.pre(
          message['method'] !== '' && !('result' in message && 'error' in message) && message['id'] !== null,
        );
        const verdict = accepts(november?.types[schemaFor(message)], message);
        expect([message, messageDefect(message) === undefined]).toEqual([message, verdict]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the types of the schemas', () => {
  test('are the types of the package', () => {
    expectTypeOf<z.infer<NonNullable<typeof modern>['types']['Tool']>>().toEqualTypeOf<Tool>();
    type Result = z.infer<NonNullable<NonNullable<typeof modern>['clientRequests']['tools/call']>['result']>;
    expectTypeOf<Result>().toEqualTypeOf<(CallToolResult & { resultType?: string }) | InputRequiredResult>();
    expectTypeOf<keyof NonNullable<typeof modern>['clientRequests']>().toEqualTypeOf<keyof ClientRequests>();
  });

  test('do not let a shape drift from its type', () => {
    type Named = { name: string; title?: string };
    const shapes = [
      object<Named>({ name: string, title: optional(string) }),
      object<Named>({ name: string, title: string }),
      object<Named>({ name: string, title: undefined }),
      // @ts-expect-error a member of the type has no schema
      object<Named>({ name: string }),
      // @ts-expect-error a schema has no member in the type
      object<Named>({ name: string, title: undefined, label: string }),
      // @ts-expect-error a required member may be absent
      object<Named>({ name: optional(string), title: undefined }),
      // @ts-expect-error a member has another type
      object<Named>({ name: object<Named>({ name: string, title: undefined }), title: undefined }),
    ];
    expect(shapes.map((shape) => accepts(shape, { name: 'a' }))).toEqual([
      true,
      false,
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});
