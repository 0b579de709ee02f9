import { isTransportError } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { encodeSse } from './encode.ts';

describe('an event', () => {
  test('is written field by field', () => {
    expect(encodeSse({ data: '{}', event: 'message', id: 'a-1', retry: 500 })).toBe(
      'event: message\nid: a-1\nretry: 500\ndata: {}\n\n',
    );
  });

  test.each([
    ['LF', 'a\nb'],
    ['CR', 'a\rb'],
    ['CRLF', 'a\r\nb'],
  ])('has a data line for each line of its data, which %s may end', (_name, data) => {
    expect(encodeSse({ data })).toBe('data: a\ndata: b\n\n');
  });

  test('cannot be forged from within its data', () => {
    expect(encodeSse({ data: 'x\r\rid: 9\n\ndata: y' })).toBe(
      'data: x\ndata: \ndata: id: 9\ndata: \ndata: data: y\n\n',
    );
  });

  test.each(['a\nb', 'a\rb', 'a\0b'])('is refused for the id or type %j', (value) => {
    for (const field of ['id', 'event']) {
      let thrown: unknown;
      try {
        encodeSse({ data: '', [field]: value });
      } catch (error) {
        thrown = error;
      }
      expect(isTransportError(thrown) && thrown.code).toBe('misuse');
    }
  });

  test('is none without data', () => {
    expect(encodeSse({ retry: 500 })).toBe('retry: 500\n\n');
  });

  test('asks for a whole number of milliseconds, never fewer than none', () => {
    expect(encodeSse({ data: '', retry: 1.9 })).toContain('retry: 1\n');
    expect(encodeSse({ data: '', retry: -4 })).toContain('retry: 0\n');
  });
});
