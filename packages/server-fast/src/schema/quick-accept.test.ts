import { Validator } from '@cfworker/json-schema';
import type { JsonObject, JsonValue } from '@trunkline/protocol';
import { expect, test } from 'vitest';
import { quickAccept } from './quick-accept.ts';

const values: readonly unknown[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1,
    1.5,
    2,
    1e9,
    '',
    'a',
    'ab',
    'abc',
    '😀',
    '😀😀',
    [],
    [1],
    ['a'],
    [1, 'a'],
    [[]],
  ],
  ...[
    {},
    { a: 1 },
    { a: 'x' },
    { a: null },
    { b: 1 },
    { a: 1, b: 2 },
    { a: { a: 1 } },
    { toString: 1 },
    [{ a: 1 }],
  ],
  JSON.parse('{"__proto__":1}'),
];

const known: readonly JsonObject[] = [
  {},
  { title: 't', description: 'd', default: 1, $schema: 'https://json-schema.org/draft/2020-12/schema' },
  ...['string', 'number', 'integer', 'boolean', 'null', 'array', 'object'].map((type) => ({ type })),
  { type: ['string', 'null'] },
  { const: 1 },
  { enum: ['a', 1, null] },
  { minimum: 1, maximum: 2 },
  { exclusiveMinimum: 1, exclusiveMaximum: 2 },
  { minLength: 1 },
  { minLength: 2, maxLength: 3 },
  { type: 'string', maxLength: 1 },
  { properties: { a: { type: 'number' } } },
  { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false },
  { additionalProperties: { type: 'number' } },
  { properties: { a: true }, additionalProperties: { type: 'string' } },
  { required: ['toString'] },
  { required: ['__proto__'] },
  { items: { type: 'number' } },
  { items: { properties: { a: { minimum: 1 } } } },
  { properties: { a: { type: 'object', properties: { a: { type: 'string' } } } } },
];

test.each(known)('%j accepts nothing that the validator does not', (schema) => {
  const accept = quickAccept(schema);
  expect(accept).toBeDefined();
  const validator = new Validator(structuredClone(schema), '2020-12');
  const allowed = values.filter((value) => validator.validate(value).valid);
  const accepted = values.filter((value) => accept?.(value));
  expect(allowed).toEqual(expect.arrayContaining(accepted));
  // Only the length of texts may need a closer look.
  if (schema['minLength'] === undefined && schema['maxLength'] === undefined)
    expect(accepted).toEqual(allowed);
});

test.each<JsonValue>([
  false,
  5,
  { type: 'sting' },
  { type: ['string', 'sting'] },
  { const: {} },
  { enum: [{}] },
  { pattern: 'a' },
  { $ref: '#' },
  { anyOf: [{}] },
  { minimum: '1' },
  { maxLength: '1' },
  { required: 'a' },
  { properties: { a: { not: {} } } },
  { properties: 5 },
  { additionalProperties: { pattern: 'a' } },
  { patternProperties: {}, additionalProperties: false },
  { items: [{}] },
  { unknown: 1 },
])('%j is left to the validator', (schema) => {
  expect(quickAccept(schema)).toBeUndefined();
});
