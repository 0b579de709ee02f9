import { describe, expect, test } from 'vitest';
import { isExtensionId, isMetaKey, MetaKey } from './meta.ts';

describe('a _meta key', () => {
  test.each([
    'progressToken',
    '',
    'a',
    'a_b-c.d9',
    'com.example/',
    'com.example/name',
    'io.modelcontextprotocol/protocolVersion',
    'x/y',
    'a-b.c9/z',
    ...Object.values(MetaKey),
  ])('may be %j', (key) => {
    expect(isMetaKey(key)).toBe(true);
  });

  test.each([
    '-a',
    'a-',
    '_a',
    'a b',
    '/a',
    'com./a',
    '.com/a',
    '9a/b',
    'a-/b',
    'a/b/c',
    'com..x/a',
    'ä',
    'a\n',
    'é/x',
  ])('may not be %j', (key) => {
    expect(isMetaKey(key)).toBe(false);
  });

  test('is checked in time that its length bounds', () => {
    expect(isMetaKey(`${'a-'.repeat(100_000)}/x`)).toBe(false);
    expect(isMetaKey(`${'a'.repeat(100_000)}!`)).toBe(false);
  });
});

describe('an extension', () => {
  test('is named by a prefix and a name', () => {
    expect(['io.modelcontextprotocol/tasks', 'com.example/x'].every(isExtensionId)).toBe(true);
    expect(['tasks', '/tasks', 'com.example/', '', 'com.example/a b'].some(isExtensionId)).toBe(false);
  });
});
