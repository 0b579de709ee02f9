import { describe, expect, expectTypeOf, test } from 'vitest';
import {
  ErrorCode,
  invalidParams,
  methodNotFound,
  missingRequiredClientCapability,
  resourceNotFound,
  unsupportedProtocolVersion,
} from './error-codes.ts';
import { isMcpError, McpError } from './mcp-error.ts';
import { isProtocolError, ProtocolError } from './protocol-error.ts';
import { isRemoteError, RemoteError } from './remote-error.ts';
import { ERROR_CODES } from './revision/error-codes.ts';

describe('an error', () => {
  const remote = new RemoteError(-32602, 'Unknown tool: nope', { name: 'nope' });
  const local = new ProtocolError('unexpected-shape', 'tools/list: result.tools is not a list');

  test('says its code before its text, so that a log line suffices', () => {
    expect(remote.message).toBe('-32602: Unknown tool: nope');
    expect(local.message).toBe('unexpected-shape: tools/list: result.tools is not a list');
    expect(local.code).toBe('unexpected-shape');
  });

  test('of the peer has a number and one of ours a word', () => {
    expectTypeOf(remote.code).toEqualTypeOf<number>();
    expectTypeOf(local.code).toExtend<string>();
    expect([isRemoteError(remote), isRemoteError(local)]).toEqual([true, false]);
    expect([isProtocolError(remote), isProtocolError(local)]).toEqual([false, true]);
    expect([isMcpError(remote), isMcpError(local), isMcpError(new Error('x'))]).toEqual([true, true, false]);
  });

  test('is known when another copy of the package made it', () => {
    const foreign = Object.assign(new Error('-1: no'), {
      [Symbol.for('@trunkline/error')]: 'RemoteError',
      code: -1,
    });
    expect([isRemoteError(foreign), isProtocolError(foreign), isMcpError(foreign)]).toEqual([
      true,
      false,
      true,
    ]);
  });

  test.each([null, undefined, 'RemoteError', 5, {}, { name: 'RemoteError', code: 1 }])(
    'is not %j',
    (value) => {
      expect([isMcpError(value), isRemoteError(value), isProtocolError(value)]).toEqual([
        false,
        false,
        false,
      ]);
    },
  );

  test('of the peer becomes the error of a response, with data only where there is some', () => {
    expect(remote.toJSON()).toEqual({ code: -32602, message: 'Unknown tool: nope', data: { name: 'nope' } });
    expect(Object.keys(new RemoteError(1, 'x').toJSON())).toEqual(['code', 'message']);
    expect(new RemoteError(1, 'x', null).toJSON()).toEqual({ code: 1, message: 'x', data: null });
  });

  test('keeps its cause and leads to its explanation', () => {
    const cause = new Error('socket');
    expect(new ProtocolError('pagination', 'x', { cause }).cause).toBe(cause);
    expect(remote.docs).toBe('docs/errors.md#remoteerror--32602');
    expect(local).toBeInstanceOf(McpError);
    expect(local.name).toBe('ProtocolError');
  });

  test('shows nothing of its family mark', () => {
    expect(
      Object.getOwnPropertySymbols(remote).filter((symbol) => Object.entries(remote).flat().includes(symbol)),
    ).toEqual([]);
    expect(JSON.stringify(local)).not.toContain('trunkline');
  });
});

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
