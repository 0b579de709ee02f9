import { describe, expect, test } from 'vitest';
import {
  ErrorCode,
  invalidParams,
  methodNotFound,
  missingRequiredClientCapability,
  resourceNotFound,
  unsupportedProtocolVersion,
} from './error-codes.ts';
import { ERROR_CODES } from './revision/error-codes.ts';

describe('an error code', () => {
  test('is the number that the specification gives it', () => {
    expect(ErrorCode).toEqual({
      ParseError: -32700,
      InvalidRequest: -32600,
      MethodNotFound: -32601,
      InvalidParams: -32602,
      InternalError: -32603,
      HeaderMismatch: -32020,
      MissingRequiredClientCapability: -32021,
      UnsupportedProtocolVersion: -32022,
      ResourceNotFound: -32002,
      UrlElicitationRequired: -32042,
      ServerBusy: 429,
    });
  });

  test('is described once, under its own name', () => {
    expect(Object.fromEntries(ERROR_CODES.map(({ name, code }) => [name, code]))).toEqual(ErrorCode);
    expect(new Set(ERROR_CODES.map(({ code }) => code)).size).toBe(ERROR_CODES.length);
  });

  test('that a revision may lack has a substitute that none lacks', () => {
    const everywhere = ERROR_CODES.filter(({ substitute }) => substitute === undefined).map(
      ({ code }) => code,
    );
    for (const { substitute } of ERROR_CODES) expect([undefined, ...everywhere]).toContain(substitute);
  });

  test('of ours lies outside what JSON-RPC reserves', () => {
    expect(ErrorCode.ServerBusy).toBeGreaterThan(-32000);
  });
});

describe('an answer with', () => {
  test('-32022 says what was asked for and what is spoken', () => {
    expect(unsupportedProtocolVersion('1900-01-01', ['a', 'b']).toJSON()).toEqual({
      code: -32022,
      message: 'Unsupported protocol version "1900-01-01"; supported: a, b',
      data: { supported: ['a', 'b'], requested: '1900-01-01' },
    });
  });

  test('-32021 says which capabilities to declare', () => {
    expect(missingRequiredClientCapability({ sampling: { tools: {} } }).toJSON()).toEqual({
      code: -32021,
      message: 'The client must declare the capability sampling',
      data: { requiredCapabilities: { sampling: { tools: {} } } },
    });
  });

  test('resource not found names the resource', () => {
    expect(resourceNotFound('file:///x').toJSON()).toMatchObject({
      code: -32002,
      data: { uri: 'file:///x' },
    });
  });

  test('-32601 and -32602 name the method and the reason', () => {
    expect(methodNotFound('constructor').toJSON()).toEqual({
      code: -32601,
      message: 'Method not found: constructor',
    });
    expect(invalidParams('no name').toJSON()).toEqual({ code: -32602, message: 'no name' });
    expect(invalidParams('no name', ['name']).data).toEqual(['name']);
  });
});
