import { describe, expect, test } from 'vitest';
import { statusOf } from './status.ts';

describe('the status of an answer', () => {
  test.each([
    [-32601, 404],
    [-32020, 400],
    [-32021, 400],
    [-32022, 400],
    [429, 429],
    [-32602, 200],
    [-32603, 200],
    [-32600, 200],
    [7, 200],
  ])('with the error %i is %i', (code, status) => {
    expect(statusOf({ jsonrpc: '2.0', id: 1, error: { code, message: '' } })).toBe(status);
  });

  test('with a result is 200, encoded or not', () => {
    expect(statusOf({ jsonrpc: '2.0', id: 1, result: {} })).toBe(200);
    expect(statusOf({ id: 1, json: '{"error":{"code":-32601}}' })).toBe(200);
  });
});
