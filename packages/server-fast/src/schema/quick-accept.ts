import { isJsonObject, type JsonObject, type JsonValue } from '@trunkline/protocol';

/** Tells of a value that it is certainly allowed; `false` means that somebody has to look closer. */
export type Accept = (value: unknown) => boolean;

/**
 * A quick way to accept what most schemas are about and most calls get right. `undefined` for a schema with a keyword it
 * does not know: that is for the validator, as is finding out what is wrong.
 */
export function quickAccept(schema: JsonValue): Accept | undefined {
  if (schema === true) return () => true;
  if (!isJsonObject(schema)) return undefined;
  const checks: Accept[] = [];
  for (const [keyword, value] of Object.entries(schema)) {
    if (value === undefined || ANNOTATIONS.has(keyword)) continue;
    const check = CHECKS.get(keyword)?.(value, schema);
    if (!check) return undefined;
    checks.push(check);
  }
  const [only] = checks;
  return only && checks.length === 1 ? only : (value) => checks.every((check) => check(value));
}

/** Keywords that allow or forbid nothing by themselves. */
const ANNOTATIONS: ReadonlySet<string> = new Set([
  '$comment',
  '$schema',
  'default',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

/** What a keyword checks; `undefined` if its value is of an unusual kind. Each lets pass what it does not speak of. */
type Check = (value: JsonValue, schema: JsonObject) => Accept | undefined;

const CHECKS: ReadonlyMap<string, Check> = new Map([
  ['type', typeCheck],
  ['const', (expected) => (isPrimitive(expected) ? (value) => value === expected : undefined)],
  ['enum', (list) => (Array.isArray(list) && list.every(isPrimitive) ? oneOf(list) : undefined)],
  ['minimum', numberCheck((value, limit) => value >= limit)],
  ['maximum', numberCheck((value, limit) => value <= limit)],
  ['exclusiveMinimum', numberCheck((value, limit) => value > limit)],
  ['exclusiveMaximum', numberCheck((value, limit) => value < limit)],
  // A character has one or two units, so these hold however many there are.
  ['minLength', textCheck((length, limit) => length >= 2 * limit || (limit <= 1 && length >= limit))],
  ['maxLength', textCheck((length, limit) => length <= limit)],
  ['properties', propertiesCheck],
  ['required', requiredCheck],
  ['additionalProperties', additionalCheck],
  ['items', itemsCheck],
]);

const TYPES: ReadonlyMap<JsonValue, Accept> = new Map<JsonValue, Accept>([
  ['string', (value) => typeof value === 'string'],
  ['number', (value) => typeof value === 'number'],
  ['integer', Number.isInteger],
  ['boolean', (value) => typeof value === 'boolean'],
  ['null', (value) => value === null],
  ['array', Array.isArray],
  ['object', isJsonObject],
]);

function typeCheck(type: JsonValue): Accept | undefined {
  if (!Array.isArray(type)) return TYPES.get(type);
  const types = type.map((name) => TYPES.get(name));
  return types.every((accept) => accept !== undefined)
    ? (value) => types.some((accept) => accept(value))
    : undefined;
}

function numberCheck(holds: (value: number, limit: number) => boolean): Check {
  return (limit) =>
    typeof limit === 'number' ? (value) => typeof value !== 'number' || holds(value, limit) : undefined;
}

function textCheck(holds: (length: number, limit: number) => boolean): Check {
  return (limit) =>
    typeof limit === 'number'
      ? (value) => typeof value !== 'string' || holds(value.length, limit)
      : undefined;
}

function propertiesCheck(properties: JsonValue): Accept | undefined {
  if (!isJsonObject(properties)) return undefined;
  const checks: (readonly [name: string, accept: Accept])[] = [];
  for (const [name, property] of Object.entries(properties)) {
    const accept = property === undefined ? undefined : quickAccept(property);
    if (!accept) return undefined;
    checks.push([name, accept]);
  }
  return (value) =>
    !isJsonObject(value) ||
    checks.every(([name, accept]) => !Object.hasOwn(value, name) || accept(value[name]));
}

function requiredCheck(names: JsonValue): Accept | undefined {
  if (!Array.isArray(names)) return undefined;
  return (value) => !isJsonObject(value) || names.every((name) => Object.hasOwn(value, name as string));
}

function additionalCheck(additional: JsonValue, { properties = {} }: JsonObject): Accept | undefined {
  const accept = additional === false ? () => false : quickAccept(additional);
  if (!accept || !isJsonObject(properties)) return undefined;
  const known = new Set(Object.keys(properties));
  return (value) =>
    !isJsonObject(value) || Object.keys(value).every((name) => known.has(name) || accept(value[name]));
}

function itemsCheck(items: JsonValue): Accept | undefined {
  const accept = quickAccept(items);
  return accept && ((value) => !Array.isArray(value) || value.every(accept));
}

function oneOf(list: readonly JsonValue[]): Accept {
  const allowed: ReadonlySet<unknown> = new Set(list);
  return (value) => allowed.has(value);
}

function isPrimitive(value: JsonValue): boolean {
  return typeof value !== 'object' || value === null;
}
