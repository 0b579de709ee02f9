import { missingRequiredClientCapability } from '../error-codes.ts';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { mapMember, without } from './fields.ts';
import { JUNE_2025, NOVEMBER_2025 } from './revisions.ts';

/**
 * A question to the user in the words of a legacy revision. 2025-11-25 gets the `elicitationId` that it requires;
 * 2025-06-18 has no URLs and offers a choice only as `enum` with `enumNames`, so that a choice of several values becomes a
 * choice of one. Throws -32021 for what the revision cannot ask at all.
 */
export function encodeElicitation(revision: string, params: JsonObject): JsonObject {
  const byUrl = params['mode'] === 'url';
  if (revision >= NOVEMBER_2025) {
    return byUrl && params['elicitationId'] === undefined
      ? { ...params, elicitationId: crypto.randomUUID() }
      : params;
  }
  if (byUrl || revision < JUNE_2025)
    throw missingRequiredClientCapability({ elicitation: byUrl ? { url: {} } : {} });
  return mapMember(without(params, 'mode', 'task'), 'requestedSchema', encodeForm);
}

function encodeForm(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return schema;
  return mapMember(without(schema, '$schema'), 'properties', (properties) => {
    if (!isJsonObject(properties)) return properties;
    return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, encodeField(field)]));
  });
}

function encodeField(field: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(field)) return field;
  // Of the defaults, 2025-06-18 knows only that of a boolean.
  if (field['type'] === 'boolean') return field;
  const plain = without(field, 'default');
  if (Array.isArray(plain['oneOf'])) return asEnum(plain, plain['oneOf']);
  const items = plain['type'] === 'array' && isJsonObject(plain['items']) ? plain['items'] : undefined;
  if (items === undefined) return plain;
  return asEnum(plain, Array.isArray(items['anyOf']) ? items['anyOf'] : items['enum']);
}

function asEnum(field: JsonObject, options: JsonValue | undefined): JsonObject {
  const { title, description } = field;
  const values = Array.isArray(options) ? options : [];
  const titled = values.filter(isJsonObject);
  return {
    type: 'string',
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(titled.length === 0
      ? { enum: values }
      : {
          enum: titled.map((option) => option['const'] ?? null),
          enumNames: titled.map((option) => option['title'] ?? null),
        }),
  };
}
