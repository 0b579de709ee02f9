import type { CacheHints } from './caching.ts';
import type { ClientCapabilities, ServerCapabilities } from './capabilities.ts';
import type { Implementation } from './implementation.ts';
import type { RequestParams, Result } from './meta.ts';

/** Opens a legacy link. https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle */
export type InitializeRequestParams = RequestParams & {
  /** The newest legacy revision that the client speaks. */
  protocolVersion: string;
  capabilities: ClientCapabilities;
  clientInfo: Implementation;
};

/** Settles the revision of a legacy link, which a client that cannot speak it leaves. */
export type InitializeResult = Result & {
  protocolVersion: string;
  capabilities: ServerCapabilities;
  serverInfo: Implementation;
  /** How to use the server, for the model. */
  instructions?: string;
};

/** What a modern server speaks and offers. https://modelcontextprotocol.io/specification/2026-07-28/server/discover */
export type DiscoverResult = Result &
  CacheHints & {
    /** May leave out legacy revisions that the server speaks after `initialize`. */
    supportedVersions: string[];
    capabilities: ServerCapabilities;
    /** How to use the server, for the model. */
    instructions?: string;
  };
