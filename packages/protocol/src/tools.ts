import type { CacheHints } from './caching.ts';
import type { ContentBlock } from './content.ts';
import type { InputResponseRequestParams } from './input-required.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { Result } from './meta.ts';
import type { PaginatedResult } from './pagination.ts';
import type { TaskAugmentedRequestParams } from './tasks-legacy.ts';
import type { Tool } from './tool.ts';

/** One page of a server's tools. */
export type ListToolsResult = PaginatedResult &
  CacheHints & {
    tools: Tool[];
  };

/** Calls a tool. */
export type CallToolRequestParams = InputResponseRequestParams &
  TaskAugmentedRequestParams & {
    name: string;
    arguments?: JsonObject;
  };

/** What a tool yielded, or with `isError` why it failed, in words that a model can act on. */
export type CallToolResult = Result & {
  content: ContentBlock[];
  /** Any JSON value; conforms to the tool's `outputSchema` where it has one. */
  structuredContent?: JsonValue;
  isError?: boolean;
};
