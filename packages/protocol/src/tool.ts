import type { BaseMetadata, Icons } from './implementation.ts';
import type { JsonValue } from './json.ts';
import type { Meta } from './meta.ts';

/** A JSON Schema; the 2020-12 dialect unless `$schema` says otherwise. */
export type JsonSchema = {
  $schema?: string;
  [keyword: string]: JsonValue | undefined;
};

/** A JSON Schema that only objects satisfy. */
export type ObjectJsonSchema = JsonSchema & {
  type: 'object';
};

/** How a tool behaves, as its author says. Untrusted unless the server is trusted. */
export type ToolAnnotations = {
  title?: string;
  /** Changes nothing. Absent means false. */
  readOnlyHint?: boolean;
  /** May destroy rather than only add. Absent means true. */
  destructiveHint?: boolean;
  /** Calling it twice does no more than calling it once. Absent means false. */
  idempotentHint?: boolean;
  /** Reaches beyond a closed world, such as the web. Absent means true. */
  openWorldHint?: boolean;
};

/** Whether a tool may be called as a task of the core protocol of 2025-11-25; unknown to every other revision. */
export type ToolExecution = {
  taskSupport?: 'forbidden' | 'optional' | 'required';
};

/** A function that a server offers. https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
export type Tool = BaseMetadata &
  Icons & {
    description?: string;
    inputSchema: ObjectJsonSchema;
    /** What `structuredContent` satisfies. Revisions before 2026-07-28 know only schemas of objects. */
    outputSchema?: JsonSchema;
    annotations?: ToolAnnotations;
    execution?: ToolExecution;
    _meta?: Meta;
  };
