import { describe, expect, expectTypeOf, test } from 'vitest';
import { isMcpError, McpError } from './mcp-error.ts';
import { isProtocolError, ProtocolError } from './protocol-error.ts';
import { isRemoteError, RemoteError } from './remote-error.ts';

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
