import type { ContentBlock } from '../content.ts';
import type { JsonValue } from '../json.ts';
import { JULY_2026, JUNE_2025, MARCH_2025, NOVEMBER_2025 } from '../revision/revisions.ts';
import type { JsonSchema, ObjectJsonSchema, Tool, ToolAnnotations, ToolExecution } from '../tool.ts';
import type { Common } from './common.ts';
import type { Dated } from './dated.ts';
import {
  boolean,
  json,
  jsonObject,
  listOf,
  literal,
  mapOf,
  object,
  oneOf,
  optional,
  string,
} from './shape.ts';
import type { Schema, SchemasOf, Shape } from './shape.ts';

export type ToolSchemas = SchemasOf<{ Tool: Tool }> &
  Partial<SchemasOf<{ ToolAnnotations: ToolAnnotations; ToolExecution: ToolExecution }>>;

/** The keywords that legacy revisions look into. */
type LegacyKeywords = {
  properties?: { [name: string]: { [keyword: string]: JsonValue | undefined } };
  required?: string[];
};

/** What a tool is. Before 2026-07-28 its schemas are of objects, and some of their keywords are looked into. */
export function toolSchemas({ named, pictured, open, since, until, only }: Common): ToolSchemas {
  const $schema = since(NOVEMBER_2025, optional(string));
  const keywords: Shape<LegacyKeywords> = {
    properties: until(NOVEMBER_2025, optional(mapOf(jsonObject))),
    required: until(NOVEMBER_2025, optional(listOf(string))),
  };
  const inputSchema: Schema<ObjectJsonSchema> = object<ObjectJsonSchema & LegacyKeywords>({
    $schema,
    type: literal('object'),
    ...keywords,
  });
  const outputSchema: Schema<JsonSchema> = since(JULY_2026, object<JsonSchema>({ $schema })) ?? inputSchema;
  const ToolAnnotations: Schema<ToolAnnotations> = object({
    title: optional(string),
    readOnlyHint: optional(boolean),
    destructiveHint: optional(boolean),
    idempotentHint: optional(boolean),
    openWorldHint: optional(boolean),
  });
  const ToolExecution: Schema<ToolExecution> = object({
    taskSupport: optional(oneOf('forbidden', 'optional', 'required')),
  });
  const Tool: Schema<Tool> = object({
    ...named,
    ...pictured,
    description: optional(string),
    inputSchema,
    outputSchema: since(JUNE_2025, optional(outputSchema)),
    annotations: since(MARCH_2025, optional(ToolAnnotations)),
    execution: only(NOVEMBER_2025, optional(ToolExecution)),
    ...open,
  });
  return { Tool, ...since(MARCH_2025, { ToolAnnotations }), ...only(NOVEMBER_2025, { ToolExecution }) };
}

/** What a tool yields, in its result and, where a model calls tools, in a message to it. */
export function yieldShape(
  { since }: Dated,
  block: Schema<ContentBlock>,
): Shape<{ content: ContentBlock[]; structuredContent?: JsonValue; isError?: boolean }> {
  return {
    content: listOf(block),
    structuredContent: since(JULY_2026, optional(json)) ?? since(JUNE_2025, optional(jsonObject)),
    isError: optional(boolean),
  };
}
