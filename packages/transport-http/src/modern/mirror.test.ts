import type { JsonObject } from '@trunkline/protocol';
import type { Acceptor } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { mirrorDefect } from './mirror.ts';

const acceptor: Acceptor = {
  exchange: () => {},
  link: async () => {},
  mirrorOf: (tool) =>
    tool === 't' ? [{ name: 'Count', path: ['deep', 'count'], type: 'integer' }] : undefined,
};

function defect(
  fields: Record<string, string>,
  method: string,
  params: JsonObject,
  server = acceptor,
): string | undefined {
  const all: Record<string, string> = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...fields,
  };
  const head = { method: 'POST', url: '/mcp', header: (name: string) => all[name] };
  return mirrorDefect(head, { jsonrpc: '2.0', id: 1, method, params }, '2026-07-28', server);
}

describe('what the header repeats', () => {
  test.each([
    ['tools/call', 'name'],
    ['prompts/get', 'name'],
    ['resources/read', 'uri'],
  ])('of %s is its %s', (method, param) => {
    expect(defect({ 'mcp-name': 'x' }, method, { [param]: 'x' })).toBeUndefined();
    expect(defect({ 'mcp-name': 'y' }, method, { [param]: 'x' })).toContain('Mcp-Name');
    expect(defect({}, method, { [param]: 'x' })).toContain('missing');
  });

  test('of other methods is no name', () => {
    expect(defect({}, 'tools/list', { name: 'x' })).toBeUndefined();
  });

  test('is found where the schema says', () => {
    const call = (count: number, field: string): string | undefined =>
      defect({ 'mcp-name': 't', 'mcp-param-count': field }, 'tools/call', {
        name: 't',
        arguments: { deep: { count } },
      });
    expect(call(7, '7')).toBeUndefined();
    expect(call(-7, '-7.00')).toBeUndefined();
    for (const field of ['8', '7.5', '7e0', ' 7', '', '+7', '0x7'])
      expect(call(7, field)).toContain('Mcp-Param-Count');
  });

  test('is not compared by a server that knows no schema', () => {
    const ignorant = { ...acceptor, mirrorOf: () => undefined };
    const params = { name: 't', arguments: { deep: { count: 1 } } };
    expect(
      defect({ 'mcp-name': 't', 'mcp-param-count': '9' }, 'tools/call', params, ignorant),
    ).toBeUndefined();
  });

  test('is left alone where the body is wrong itself', () => {
    expect(defect({}, 'tools/call', {})).toBeUndefined();
    expect(defect({ 'mcp-name': 't' }, 'tools/call', { name: 't', arguments: 'none' })).toBeUndefined();
  });
});
