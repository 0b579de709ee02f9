import type { CallToolResult, InputRequiredResult, JsonObject, Tool } from '@trunkline/protocol';
import type { Context } from '@trunkline/session';

/** A tool of the fixture: what is listed, and what a call does. */
export interface FixtureTool {
  readonly definition: Tool;
  readonly call: (
    args: JsonObject,
    context: Context,
  ) => CallToolResult | InputRequiredResult | Promise<CallToolResult | InputRequiredResult>;
}

/** A tool whose arguments do not matter, or those that `properties` describes. */
export function tool(
  name: string,
  description: string,
  call: FixtureTool['call'],
  properties: JsonObject = {},
): FixtureTool {
  return { definition: { name, description, inputSchema: { type: 'object', properties } }, call };
}

/** A result of one text. */
export function text(value: string): CallToolResult {
  return { content: [{ type: 'text', text: value }] };
}
