import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';

const SCHEMA_KEYWORDS: ReadonlySet<string> = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const LIST_KEYWORDS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems']);
const MAP_KEYWORDS: ReadonlySet<string> = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);

/** A schema with every schema directly in it replaced. What only looks like one, in an `enum` or a `default`, is left alone. */
export function mapSubschemas(schema: JsonObject, replace: (child: JsonValue) => JsonValue): JsonObject {
  const members = Object.entries(schema).map(([keyword, value]): [string, JsonValue | undefined] => {
    if (Array.isArray(value)) return [keyword, LIST_KEYWORDS.has(keyword) ? value.map(replace) : value];
    if (isJsonObject(value) && MAP_KEYWORDS.has(keyword)) return [keyword, mapValues(value, replace)];
    return [keyword, value !== undefined && SCHEMA_KEYWORDS.has(keyword) ? replace(value) : value];
  });
  return Object.fromEntries(members);
}

/** Of the `dependencies` of old dialects some are lists of names, which are no schemas. */
function mapValues(map: JsonObject, replace: (child: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(
    Object.entries(map).map(([name, child]) => [
      name,
      child === undefined || Array.isArray(child) ? child : replace(child),
    ]),
  );
}
