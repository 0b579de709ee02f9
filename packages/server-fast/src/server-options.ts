import type { CacheHints, Implementation, JsonObject } from '@trunkline/protocol';
import type { ServerOptions } from '@trunkline/session';
import type { Store } from '@trunkline/store';
import type { DefinitionError } from './definition-error.ts';
import type { Validator } from './schema/json-validator.ts';

/** What a server is called and how it behaves. Everything but `name` and `version` has a default. */
export interface FastServerOptions<Values = undefined>
  extends Implementation, Omit<ServerOptions, 'definitionOf' | 'discoverCaching'> {
  /** Entries of one page of a list. 500 unless given. */
  readonly pageSize?: number;
  /** For how long clients may reuse lists and what `server/discover` says, and for whom: not at all unless given. */
  readonly caching?: CacheHints;
  /** Compiles plain JSON Schemas; a validator that generates no code unless given. Schemas of libraries validate themselves. */
  readonly validator?: Validator;
  /**
   * Opens what handlers need, before the first request is served; they get it as `context.values`. Closing the server
   * disposes of it.
   */
  readonly lifespan?: () => Values | Promise<Values>;
  /**
   * Keeps what is remembered of callers, which request state was used, and what of it is too long to travel. In this process
   * unless given; with a shared one and shared `requestState.keys` any process continues a call.
   */
  readonly store?: Store;
  /** Milliseconds that `context.state` lives after it was set. A day unless given. */
  readonly stateTtl?: number;
  /** Hears of a definition that is refused; the others are served. Unless given, the definition throws. */
  readonly onRefused?: (error: DefinitionError) => void;
}

const INFO: readonly string[] = ['name', 'title', 'version', 'description', 'websiteUrl', 'icons'];

/** The part of the options that clients are told. */
export function infoOf(options: FastServerOptions<unknown>): Implementation {
  const told = Object.entries(options as unknown as JsonObject).filter(
    ([name, value]) => INFO.includes(name) && value !== undefined,
  );
  return Object.fromEntries(told) as Implementation;
}
