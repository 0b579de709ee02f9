import { expect, test } from 'vitest';
import { LEGACY, MODERN } from '../fixtures/linked.ts';
import { envelopeOf } from './envelope.ts';

const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'add' } } as const;

test('a modern request repeats its revision, its method and what it names', () => {
  expect(envelopeOf(call, { revision: MODERN })).toEqual({
    'mcp-protocol-version': MODERN,
    'mcp-method': 'tools/call',
    'mcp-name': 'add',
  });
});

test.each([
  ['prompts/get', { name: 'p' }, 'p'],
  ['resources/read', { uri: 'file:///a b' }, 'file:///a b'],
  ['resources/read', { uri: 'file:///\u00e4' }, '=?base64?ZmlsZTovLy/DpA==?='],
  ['tools/list', {}, undefined],
  ['tools/call', { name: 7 }, undefined],
])('%s of %j names %s', (method, params, name) => {
  const fields = envelopeOf({ jsonrpc: '2.0', id: 1, method, params }, { revision: MODERN });
  expect(fields['mcp-name']).toBe(name);
});

test.each([
  ['a line break', 'a\r\nX-Injected: 1'],
  ['NUL', 'a\u0000b'],
  ['an emoji', '\ud83d\ude00'],
  ['blanks around', ' a '],
  ['what looks encoded', '=?base64?YQ==?='],
  ['nothing', ''],
])('an argument with %s is encoded and never written as it is (F028)', (_, value) => {
  const field = envelopeOf(call, { revision: MODERN, mirror: { Region: value } })['mcp-param-region'] ?? '';
  const encoded = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/.exec(field)?.[1];
  expect(Buffer.from(encoded ?? '!', 'base64').toString()).toBe(value);
});

test('numbers and truth values are written as text', () => {
  const fields = envelopeOf(call, { revision: MODERN, mirror: { Count: 42, Dry: false } });
  expect(fields).toMatchObject({ 'mcp-param-count': '42', 'mcp-param-dry': 'false' });
});

test('a legacy message repeats its revision only, and one without a revision nothing', () => {
  expect(envelopeOf(call, { revision: LEGACY, mirror: { Region: 'eu' } })).toEqual({
    'mcp-protocol-version': LEGACY,
  });
  expect(envelopeOf(call, {})).toEqual({});
});
