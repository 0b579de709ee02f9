import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isErrorResponse,
  isNotification,
  isRequest,
  isRequestId,
  isResponse,
  MAX_ID_LENGTH,
  MAX_METHOD_LENGTH,
  messageDefect,
} from './json-rpc.ts';
import type { JsonRpcMessage } from './json-rpc.ts';

const request = { jsonrpc: '2.0', id: 1, method: 'tools/list' } as const;
const notification = { jsonrpc: '2.0', method: 'notifications/initialized' } as const;
const answer = { jsonrpc: '2.0', id: 'a', result: {} } as const;
const failure = { jsonrpc: '2.0', id: 1, error: { code: -32601, message: 'Method not found' } } as const;

describe('the kind of a message', () => {
  const kinds = (message: JsonRpcMessage): boolean[] => [
    isRequest(message),
    isNotification(message),
    isResponse(message),
  ];

  test.each([
    ['a request', request, [true, false, false]],
    ['a notification', notification, [false, true, false]],
    ['a result', answer, [false, false, true]],
    ['an error', failure, [false, false, true]],
    ['an error without an id', { jsonrpc: '2.0', error: failure.error } as const, [false, false, true]],
  ])('%s is exactly one of three', (_name, message, expected) => {
    expect(kinds(message)).toEqual(expected);
  });

  test('an error response is told from a result', () => {
    expect([isErrorResponse(failure), isErrorResponse(answer)]).toEqual([true, false]);
  });
});

describe('a request id', () => {
  test.each([0, -1, 100, Number.MAX_SAFE_INTEGER, '', 'a', '0', 'x'.repeat(MAX_ID_LENGTH)])(
    'may be %j',
    (id) => {
      expect(isRequestId(id)).toBe(true);
    },
  );

  test.each([
    null,
    undefined,
    true,
    1.5,
    Number.NaN,
    Infinity,
    2 ** 53,
    {},
    [],
    1n,
    'x'.repeat(MAX_ID_LENGTH + 1),
  ])('may not be %o', (id) => {
    expect(isRequestId(id)).toBe(false);
  });

  test('is a kilobyte at most', () => {
    expect(MAX_ID_LENGTH).toBe(1024);
  });
});

describe('a defect of a message', () => {
  test.each([request, notification, answer, failure, { ...request, params: {} }, { ...failure, id: null }])(
    'is not found in %j',
    (message) => {
      expect(messageDefect(message)).toBeUndefined();
    },
  );

  test.each([
    [null, 'not an object'],
    [[request], 'not an object'],
    ['{}', 'not an object'],
    [{}, 'jsonrpc is not "2.0"'],
    [{ ...request, jsonrpc: 2 }, 'jsonrpc is not "2.0"'],
    [{ ...request, method: '' }, 'method is not a name'],
    [{ ...request, method: 5 }, 'method is not a name'],
    [{ ...request, method: 'x'.repeat(MAX_METHOD_LENGTH + 1) }, 'method is longer than 256'],
    [{ ...request, id: null }, 'id is neither a short string nor a safe integer'],
    [{ ...request, id: 1.5 }, 'id is neither a short string nor a safe integer'],
    [{ ...request, params: [] }, 'params is not an object'],
    [{ ...request, params: null }, 'params is not an object'],
    [{ jsonrpc: '2.0', id: 1 }, 'neither a method nor exactly one of result and error'],
    [{ ...failure, result: {} }, 'neither a method nor exactly one of result and error'],
    [{ jsonrpc: '2.0', result: {} }, 'a response without a usable id'],
    [{ jsonrpc: '2.0', id: null, result: {} }, 'a response without a usable id'],
    [{ ...answer, result: [] }, 'result is not an object'],
    [{ ...answer, result: null }, 'result is not an object'],
    [{ ...failure, error: 'no' }, 'error is not an object'],
    [{ ...failure, error: { code: 1.5, message: '' } }, 'error.code is not an integer'],
    [{ ...failure, error: { code: 1 } }, 'error.message is not a string'],
    [JSON.parse('{"__proto__":{"jsonrpc":"2.0","method":"ping"}}'), 'jsonrpc is not "2.0"'],
  ])('is named in %j', (message, defect) => {
    expect(messageDefect(message)).toBe(defect);
  });

  test('is looked for in any JSON without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(['string', 'undefined']).toContain(typeof messageDefect(value));
      }),
    );
  });
});
