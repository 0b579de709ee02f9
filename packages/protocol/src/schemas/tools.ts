import type { InputResponseRequestParams } from '../input-required.ts';
import type { CallToolRequestParams, CallToolResult, ListToolsResult } from '../tools.ts';
import type { Common, Wire } from './common.ts';
import type { ContentSchemas } from './content.ts';
import { jsonObject, listOf, object, optional, string } from './shape.ts';
import type { SchemasOf, Shape } from './shape.ts';
import { yieldShape } from './tool.ts';
import type { ToolSchemas } from './tool.ts';

export type ToolsSchemas = SchemasOf<{
  ListToolsResult: Wire<ListToolsResult>;
  CallToolRequestParams: CallToolRequestParams;
  CallToolResult: Wire<CallToolResult>;
}>;

/** Listing and calling tools. */
export function toolsSchemas(
  common: Common,
  { ContentBlock }: ContentSchemas,
  { Tool }: ToolSchemas,
  repeatable: Shape<InputResponseRequestParams>,
): ToolsSchemas {
  const { result, page, cached, task } = common;
  return {
    ListToolsResult: object({ tools: listOf(Tool), ...result, ...page, ...cached }),
    CallToolRequestParams: object({ name: string, arguments: optional(jsonObject), ...repeatable, ...task }),
    CallToolResult: object({ ...yieldShape(common, ContentBlock), ...result }),
  };
}
