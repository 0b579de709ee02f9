import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resourceNotFound } from '../error-codes.ts';
import type { JsonObject } from '../json.ts';
import { isProtocolError } from '../protocol-error.ts';
import { modernForClients } from './modern-for-clients.ts';
import { modernForServers } from './modern-for-servers.ts';

const modern = { ...modernForClients, ...modernForServers };

const revision = '2026-07-28';
const serverInfo = { name: 'demo', version: '1' };
const stamp = { 'io.modelcontextprotocol/serverInfo': serverInfo };
const encode = (method: string, result: JsonObject) =>
  modern.encodeResult(method, result, { revision, serverInfo });
const cacheable = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
];

describe('a modern result', () => {
  test('says that it is complete, and whose it is', () => {
    expect(encode('tools/call', { content: [] })).toEqual({
      content: [],
      resultType: 'complete',
      _meta: stamp,
    });
    expect(modern.encodeResult('tools/call', { content: [] }, { revision })).toEqual({
      content: [],
      resultType: 'complete',
    });
  });

  test('keeps its metadata, though never another server’s name', () => {
    const theirs = { name: 'backend', version: '9' };
    expect(encode('x', { _meta: { a: 1, 'io.modelcontextprotocol/serverInfo': theirs } })['_meta']).toEqual({
      a: 1,
      ...stamp,
    });
  });

  test('of an extension keeps its kind', () => {
    expect(encode('tools/call', { resultType: 'task', taskId: 't' })).toMatchObject({
      resultType: 'task',
      taskId: 't',
    });
  });

  test.each(cacheable)('of %s is not to be cached unless it says so', (method) => {
    expect(encode(method, {})).toMatchObject({ ttlMs: 0, cacheScope: 'private' });
    expect(encode(method, { ttlMs: 60_000, cacheScope: 'public' })).toMatchObject({
      ttlMs: 60_000,
      cacheScope: 'public',
    });
    expect(encode(method, { ttlMs: -5 })).toMatchObject({ ttlMs: 0 });
    expect(encode(method, { ttlMs: 1.7 })).toMatchObject({ ttlMs: 1 });
    expect(encode(method, { ttlMs: Number.NaN, cacheScope: 'all' })).toMatchObject({
      ttlMs: 0,
      cacheScope: 'private',
    });
  });

  test.each(['tools/call', 'prompts/get', 'completion/complete', 'ping'])(
    'of %s has no caching hints',
    (method) => {
      expect(Object.keys(encode(method, {}))).toEqual(['resultType', '_meta']);
    },
  );

  test('of an extension has no caching hints', () => {
    expect(Object.keys(encode('resources/read', { resultType: 'com.example/x' }))).toEqual([
      'resultType',
      '_meta',
    ]);
  });

  test('that requires input has no caching hints either', () => {
    const wire = encode('resources/read', { resultType: 'input_required', requestState: 's' });
    expect(wire).toEqual({ resultType: 'input_required', requestState: 's', _meta: stamp });
  });

  test('leaves out what only 2025-11-25 knows', () => {
    const tool = { name: 'a', inputSchema: { type: 'object' } };
    const wire = encode('tools/list', { tools: [{ ...tool, execution: { taskSupport: 'optional' } }, tool] });
    expect(wire['tools']).toEqual([tool, tool]);
    const asked = {
      open: {
        method: 'elicitation/create',
        params: { mode: 'url', message: 'm', url: 'u', elicitationId: 'e' },
      },
      roots: { method: 'roots/list' },
    };
    expect(
      encode('tools/call', { resultType: 'input_required', inputRequests: asked })['inputRequests'],
    ).toEqual({
      open: { method: 'elicitation/create', params: { mode: 'url', message: 'm', url: 'u' } },
      roots: { method: 'roots/list' },
    });
    expect(
      modern.encodeParams('tools/call', { name: 'a', task: {} }, { revision, clientCapabilities: {} }),
    ).toEqual({
      name: 'a',
      _meta: {
        'io.modelcontextprotocol/protocolVersion': revision,
        'io.modelcontextprotocol/clientCapabilities': {},
      },
    });
  });

  test('is not the handler’s object, which stays as it was', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...cacheable, 'tools/call'),
        fc.dictionary(fc.string(), fc.jsonValue()),
        (method, result) => {
          const given = result as JsonObject;
          const before = structuredClone(given);
          encode(method, given);
          expect(given).toEqual(before);
        },
      ),
    );
  });
});

describe('a modern answer', () => {
  const decode = (method: string, wire: JsonObject) => modern.decodeResult(method, wire);
  const complete: Record<string, JsonObject> = {
    'tools/list': { tools: [{ name: 'a', inputSchema: { type: 'object' } }] },
    'tools/call': { content: [{ type: 'text', text: 'x' }], structuredContent: [1] },
    'prompts/get': { messages: [] },
    'resources/read': { contents: [{ uri: 'a:b', text: '' }] },
    'completion/complete': { completion: { values: ['a'] } },
  };

  test.each(Object.entries(complete))('to %s comes back as the handler gave it', (method, result) => {
    const outcome = decode(method, encode(method, result));
    expect(outcome).toMatchObject({ kind: 'complete', result });
    expect(outcome).not.toHaveProperty('result.resultType');
  });

  test('without a resultType is complete', () => {
    expect(decode('tools/call', { content: [] })).toEqual({ kind: 'complete', result: { content: [] } });
  });

  test('with a kind of its own is left to an extension', () => {
    expect(decode('tools/call', { resultType: 'task', taskId: 't' })).toEqual({
      kind: 'extension',
      resultType: 'task',
      result: { taskId: 't' },
    });
  });

  test.each([
    [{}, 0, 'private'],
    [{ ttlMs: -1, cacheScope: 'shared' }, 0, 'private'],
    [{ ttlMs: 'long' }, 0, 'private'],
    [{ ttlMs: 5000, cacheScope: 'public' }, 5000, 'public'],
    [{ ttlMs: 1e15 }, 86_400_000, 'private'],
  ])('with the hints %j may be kept for %d ms, %s', (hints, ttlMs, cacheScope) => {
    expect(decode('tools/list', { resultType: 'complete', tools: [], ...hints })).toEqual({
      kind: 'complete',
      result: { tools: [], ttlMs, cacheScope },
    });
  });

  test('may require input of three kinds', () => {
    const inputRequests = {
      a: {
        method: 'elicitation/create',
        params: { message: 'm', requestedSchema: { type: 'object', properties: {} } },
      },
      b: { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } },
      c: { method: 'roots/list' },
    };
    const resultType = 'input_required';
    const kind = 'input_required';
    expect(decode('tools/call', { resultType, inputRequests, requestState: 's' })).toEqual({
      kind,
      inputRequests,
      requestState: 's',
    });
    expect(decode('prompts/get', { resultType, inputRequests })).toEqual({ kind, inputRequests });
    expect(decode('resources/read', { resultType, requestState: '' })).toEqual({ kind, requestState: '' });
  });

  test.each<[string, string, JsonObject, string]>([
    ['tools/list', 'unexpected-shape', {}, 'tools/list: result.tools is not a list'],
    ['tools/list', 'unexpected-shape', { tools: [{ title: 'a' }] }, 'a string name'],
    [
      'tools/list',
      'unexpected-shape',
      { tools: [], nextCursor: 5 },
      'result.nextCursor is not a string or absent',
    ],
    ['tools/call', 'unexpected-shape', { structuredContent: 5 }, 'tools/call: result.content is not a list'],
    ['tools/call', 'unexpected-shape', { content: ['x'] }, 'result.content'],
    ['prompts/list', 'unexpected-shape', { prompts: {} }, 'result.prompts'],
    ['prompts/get', 'unexpected-shape', { messages: [null] }, 'result.messages'],
    ['resources/list', 'unexpected-shape', { resources: [{ name: 'a' }] }, 'a string uri'],
    ['resources/templates/list', 'unexpected-shape', { resourceTemplates: [{}] }, 'a string uriTemplate'],
    ['resources/read', 'unexpected-shape', {}, 'result.contents'],
    ['completion/complete', 'unexpected-shape', { completion: { values: [1] } }, 'named values'],
    [
      'server/discover',
      'unexpected-shape',
      { supportedVersions: [], capabilities: [] },
      'result.capabilities',
    ],
    ['tools/call', 'unexpected-shape', { resultType: 5, content: [] }, 'result.resultType is not a string'],
    ['tools/list', 'not-allowed', { resultType: 'input_required', requestState: 's' }, 'tools/list'],
    [
      'tools/call',
      'unexpected-shape',
      { resultType: 'input_required' },
      'without inputRequests and requestState',
    ],
    [
      'tools/call',
      'unexpected-shape',
      { resultType: 'input_required', requestState: 1 },
      'result.requestState',
    ],
    [
      'tools/call',
      'unexpected-shape',
      { resultType: 'input_required', inputRequests: [] },
      'result.inputRequests',
    ],
    [
      'tools/call',
      'unexpected-shape',
      { resultType: 'input_required', inputRequests: { a: { method: 'x' } } },
      'inputRequests',
    ],
    [
      'tools/call',
      'unexpected-shape',
      { resultType: 'input_required', inputRequests: { a: { method: 'elicitation/create' } } },
      'inputRequests',
    ],
  ])('to %s that breaks the protocol (%s) is refused: %j', (method, code, wire, words) => {
    let thrown: unknown;
    try {
      decode(method, wire);
    } catch (error) {
      thrown = error;
    }
    expect(isProtocolError(thrown)).toBe(true);
    expect(thrown).toMatchObject({ code, message: expect.stringContaining(words) });
  });

  test('is refused with a typed error or taken, whatever JSON it is', () => {
    const methods = fc.constantFrom(...Object.keys(complete), 'server/discover', 'unheard/of', 'constructor');
    fc.assert(
      fc.property(methods, fc.dictionary(fc.string(), fc.jsonValue()), (method, wire) => {
        try {
          expect(decode(method, wire as JsonObject)).toHaveProperty('kind');
        } catch (error) {
          expect(isProtocolError(error)).toBe(true);
        }
      }),
    );
  });

  test('does not take inherited members for its own', () => {
    const wire: JsonObject = JSON.parse('{"__proto__":{"tools":[]}}') as JsonObject;
    expect(() => decode('tools/list', wire)).toThrow('result.tools');
  });
});

describe('a modern error', () => {
  const encodeError = (code: number) =>
    modern.encodeError({ code, message: 'm', data: { uri: 'u' } }, { revision });

  test('has no code that the revision does not know', () => {
    expect(encodeError(resourceNotFound('u').code)).toEqual({
      code: -32602,
      message: 'm',
      data: { uri: 'u' },
    });
    expect(encodeError(-32042).code).toBe(-32603);
    expect(
      [-32700, -32601, -32020, -32021, -32022, 429, -1, 7].map((code) => encodeError(code).code),
    ).toEqual([-32700, -32601, -32020, -32021, -32022, 429, -1, 7]);
  });
});
