import * as z from 'zod/mini';
import type { JsonObject } from '../json.ts';
import type { Schema } from './shape.ts';

/** What a map of methods holds for one of them. */
export interface Entry {
  readonly params: Schema<JsonObject | undefined>;
  readonly result?: Schema<JsonObject>;
}

/** The entry of a request; none when the revision lacks one of its types. */
export function entry<Params, Result>(
  params: Schema<Params> | undefined,
  result: Schema<Result> | undefined,
): { params: Schema<Params>; result: Schema<Result> } | undefined {
  return params && result && { params, result };
}

/** The methods that the map has. */
export function entriesOf(map: Readonly<Record<string, Entry | undefined>>): [string, Entry][] {
  return Object.entries(map).flatMap(([method, found]): [string, Entry][] =>
    found ? [[method, found]] : [],
  );
}

/** Params that may be left out when nothing in them is required. */
export function omissible<T>(params: Schema<T>): Schema<T | undefined> {
  return params.safeParse({}).success ? z.optional(params) : params;
}
