import type { CacheHints, Implementation, JsonObject } from '@trunkline/protocol';
import type { ServerOptions } from '@trunkline/session';
import type { DefinitionError } from './definition-error.ts';
import type { Validator } from './schema/json-validator.ts';

/** What a server is called and how it behaves. Everything but `name` and `version` has a default. */
export interface FastServerOptions
  extends Implementation, Omit<ServerOptions, 'definitionOf' | 'discoverCaching'> {
  /** Entries of one page of a list. 500 unless given. */
  readonly pageSize?: number;
  /** For how long clients may reuse lists and what `server/discover` says, and for whom: not at all unless given. */
  readonly caching?: CacheHints;
  /** Compiles plain JSON Schemas; a validator that generates no code unless given. Schemas of libraries validate themselves. */
  readonly validator?: Validator;
  /** Hears of a definition that is refused; the others are served. Unless given, the definition throws. */
  readonly onRefused?: (error: DefinitionError) => void;
}

const INFO: readonly string[] = ['name', 'title', 'version', 'description', 'websiteUrl', 'icons'];

/** The part of the options that clients are told. */
export function infoOf(options: FastServerOptions): Implementation {
  const told = Object.entries(options as unknown as JsonObject).filter(
    ([name, value]) => INFO.includes(name) && value !== undefined,
  );
  return Object.fromEntries(told) as Implementation;
}
