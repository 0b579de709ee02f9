import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { rejection } from '../fixtures/within.ts';
import type { Send } from '../layers.ts';
import { validate, type CompileSchema, type ValidateOptions } from './validate.ts';

/** Wants the members that the schema requires; throws on what it cannot read. */
const compile: CompileSchema = (schema) => {
  if (schema['broken']) throw new Error('unreadable');
  const required = (schema['required'] ?? []) as string[];
  return (value) => required.find((name) => !Object.hasOwn(value as object, name))?.concat(' is missing');
};

const TOOLS: readonly [JsonObject, JsonObject] = [
  {
    name: 'add',
    inputSchema: { type: 'object', required: ['a'] },
    outputSchema: { type: 'object', required: ['sum'] },
  },
  {
    name: 'odd',
    inputSchema: { type: 'object', broken: true },
    outputSchema: { type: 'object', broken: true },
  },
];

function checked(
  result: JsonObject,
  options: Partial<ValidateOptions> = {},
): { send: Send; methods: string[] } {
  const methods: string[] = [];
  const send = validate({ compile, ...options })(async ({ method, params }) => {
    methods.push(method);
    if (method !== 'tools/list') return result;
    const second = params['cursor'] === 'next';
    return second ? { tools: [TOOLS[1]] } : { tools: [TOOLS[0]], nextCursor: 'next' };
  });
  return { send, methods };
}

const call = (name: string, args: JsonObject = {}): Parameters<Send>[0] => ({
  method: 'tools/call',
  params: { name, arguments: args },
  options: {},
});

describe('results', () => {
  test('that the tool promised pass; its schema is learnt once', async () => {
    const { send, methods } = checked({ structuredContent: { sum: 3 } });
    await send(call('add'));
    await send(call('add'));
    expect(methods).toEqual(['tools/list', 'tools/list', 'tools/call', 'tools/call']);
  });

  test.each<[string, JsonObject, string]>([
    ['that break the schema', { structuredContent: {} }, 'sum is missing'],
    ['without structured content', {}, 'no structuredContent'],
  ])('%s fail', async (_what, result, reason) => {
    const error = await rejection(checked(result).send(call('add')));
    expect(error).toMatchObject({ code: 'unexpected-shape', message: expect.stringContaining(reason) });
  });

  test('of a tool that failed pass, and all pass when told so', async () => {
    expect(await checked({ isError: true }).send(call('add'))).toEqual({ isError: true });
    expect(await checked({}, { results: false }).send(call('add'))).toEqual({});
  });
});

describe('arguments', () => {
  test('are checked on request, and wrong ones are not sent', async () => {
    const { send, methods } = checked({ structuredContent: { sum: 3 } }, { arguments: true });
    expect(await rejection(send(call('add')))).toMatchObject({ code: 'misuse', delivery: 'not-sent' });
    expect(methods).not.toContain('tools/call');
    await send(call('add', { a: 1 }));
    expect(methods).toContain('tools/call');
  });
});

test('a schema that cannot be compiled is reported and checks nothing', async () => {
  const reported: string[] = [];
  const log = (message: string): void => void reported.push(message);
  const { send } = checked({}, { arguments: true, logger: { debug: log, warn: log, error: log } });
  expect(await send(call('odd'))).toEqual({});
  expect(reported).toHaveLength(2);
});

test('a server that does not list its tools is called all the same', async () => {
  const send = validate({ compile })(async ({ method }) => {
    if (method === 'tools/list') throw new Error('no');
    return {};
  });
  expect(await send(call('any'))).toEqual({});
});
