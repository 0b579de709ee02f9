import { describe, expect, test } from 'vitest';
import { acceptsAll, isJsonType } from './media.ts';

test.each<[string | undefined, boolean]>([
  ['application/json', true],
  ['Application/JSON', true],
  ['application/json; charset=utf-8', true],
  ['application/json;charset=utf-16', true],
  ['text/plain; application/json', false],
  ['application/json-patch+json', false],
  ['text/plain', false],
  ['', false],
  [undefined, false],
])('the Content-Type %j is JSON: %s', (type, expected) => {
  expect(isJsonType(type)).toBe(expected);
});

describe('an Accept field', () => {
  const both = ['application/json', 'text/event-stream'];

  test.each<[string | undefined, boolean]>([
    [undefined, true],
    ['*/*', true],
    ['application/json, text/event-stream', true],
    ['text/event-stream,application/json;q=0.9', true],
    ['APPLICATION/JSON, Text/Event-Stream', true],
    ['application/*, text/*', true],
    ['text/html, */*;q=0.8', true],
    ['application/json', false],
    ['text/event-stream', false],
    ['application/json, text/event-stream;q=0', false],
    ['text/html', false],
    ['', false],
  ])('of %j takes both kinds of answer: %s', (accept, expected) => {
    expect(acceptsAll(accept, both)).toBe(expected);
  });
});
