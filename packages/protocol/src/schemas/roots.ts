import type { ListRootsResult, Root } from '../roots.ts';
import type { Common } from './common.ts';
import { listOf, object, optional, string } from './shape.ts';
import type { Schema, SchemasOf } from './shape.ts';

export type RootsSchemas = SchemasOf<{ Root: Root; ListRootsResult: ListRootsResult }>;

/** The roots of a client. */
export function rootsSchemas({ open, answered }: Common): RootsSchemas {
  const Root: Schema<Root> = object({ uri: string, name: optional(string), ...open });
  return { Root, ListRootsResult: object({ roots: listOf(Root), ...answered }) };
}
