import * as z from 'zod/mini';
import { isJsonObject } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';

/** A Zod schema that yields `T`. Objects are open, as everywhere in the protocol: unknown members pass and stay. */
export type Schema<T> = z.ZodMiniType<T>;

/** A member that may be absent, though not `undefined`: JSON has no such value. */
export interface Optional<T> {
  readonly whenPresent: Schema<T>;
}

/**
 * One schema for each known member of `T`, so that a member that is added, renamed or retyped does not compile until its
 * schema follows. A member that `T` calls optional may be required on the wire, or `undefined` here: the revision does not
 * have it.
 */
export type Shape<T> = {
  [Name in keyof T as string extends Name ? never : Name]-?: Pick<T, Name> extends Required<Pick<T, Name>>
    ? Schema<T[Name]>
    : Schema<Exclude<T[Name], undefined>> | Optional<Exclude<T[Name], undefined>> | undefined;
};

/** One schema per named type. */
export type SchemasOf<Types> = { readonly [Name in keyof Types]: Schema<Types[Name]> };

export const string: Schema<string> = z.string();
export const boolean: Schema<boolean> = z.boolean();
export const number: Schema<number> = z.number();
export const integer: Schema<number> = z.number().check(z.refine(Number.isInteger));
export const fraction: Schema<number> = z.number().check(z.minimum(0), z.maximum(1));
export const json: Schema<JsonValue> = z.custom<JsonValue>((value) => value !== undefined);
export const jsonObject: Schema<JsonObject> = z.custom<JsonObject>(isJsonObject);

/** An object with these members, and any others. */
export function object<T extends object>(shape: NoInfer<Shape<T>>): Schema<T> {
  const members = Object.entries<Schema<unknown> | Optional<unknown> | undefined>(shape).flatMap(
    ([name, schema]): [string, z.core.$ZodType][] => {
      if (schema === undefined) return [];
      return [[name, 'whenPresent' in schema ? z.exactOptional(schema.whenPresent) : schema]];
    },
  );
  // `Shape` has compared every member with `T`, which Zod's own inference cannot follow through a generic.
  return z.looseObject(Object.fromEntries(members)) as unknown as Schema<T>;
}

/** A member that may be absent. */
export function optional<T>(schema: Schema<T>): Optional<T> {
  return { whenPresent: schema };
}

/** A list of such. */
export function listOf<T>(item: Schema<T>): Schema<T[]> {
  return z.array(item);
}

/** A map with any keys. */
export function mapOf<T>(value: Schema<T>): Schema<{ [key: string]: T }> {
  return z.record(z.string(), value);
}

/** This very text. */
export function literal<const T extends string>(value: T): Schema<T> {
  return z.literal(value);
}

/** One of these texts. */
export function oneOf<const T extends string>(...values: T[]): Schema<T> {
  return z.enum(values);
}

/** One of these; what the revision does not have is `undefined` and no option. */
export function union<T>(...options: (Schema<T> | undefined)[]): Schema<T> {
  return z.union(options.filter((option) => option !== undefined));
}
