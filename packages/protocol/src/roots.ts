import type { Meta, Result } from './meta.ts';

/**
 * A directory or file that a client lets a server work on.
 * @deprecated Pass paths as tool arguments, resource URIs or configuration.
 */
export type Root = {
  /** A `file:` URI. */
  uri: string;
  name?: string;
  _meta?: Meta;
};

/**
 * Asks a client for its roots.
 * @deprecated Pass paths as tool arguments, resource URIs or configuration.
 */
export type ListRootsRequest = {
  method: 'roots/list';
  params?: { _meta?: Meta };
};

/**
 * The roots of a client.
 * @deprecated Pass paths as tool arguments, resource URIs or configuration.
 */
export type ListRootsResult = Result & {
  roots: Root[];
};
