import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** The revision that introduced each field which the first revision does not have. */
export type Fields = Readonly<Record<string, string>>;

/** The object without the named fields; the object itself when it has none of them. */
export function without(object: JsonObject, ...names: string[]): JsonObject {
  if (!names.some((name) => Object.hasOwn(object, name))) return object;
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The object without the fields that came after the revision; the object itself when it has none of them. */
export function knownIn(revision: string, object: JsonObject, fields: Fields): JsonObject {
  const later = Object.keys(fields).filter((name) => (fields[name] ?? '') > revision);
  return later.length === 0 ? object : without(object, ...later);
}

/** The list with each object in it replaced; the list itself when nothing changes. What is no list stays. */
export function mapObjects(
  value: JsonValue | undefined,
  replace: (object: JsonObject) => JsonObject,
): JsonValue | undefined {
  if (!Array.isArray(value)) return value;
  const replaced = value.map((item) => (isJsonObject(item) ? replace(item) : item));
  return replaced.every((item, index) => item === value[index]) ? value : replaced;
}

/** The object with one member replaced, if it has that member and the replacement differs. */
export function mapMember(
  object: JsonObject,
  name: string,
  replace: (value: JsonValue) => JsonValue | undefined,
): JsonObject {
  const value = object[name];
  if (value === undefined) return object;
  const replaced = replace(value);
  return replaced === value ? object : { ...object, [name]: replaced };
}
