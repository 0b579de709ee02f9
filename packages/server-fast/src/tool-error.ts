import { isMcpError, McpError, type ContentBlock, type JsonValue } from '@trunkline/protocol';

/** What may accompany a {@link ToolError}. */
export interface ToolErrorOptions extends ErrorOptions {
  /** What the model gets to read in place of the message. */
  readonly content?: readonly ContentBlock[];
  /** Details for programs. */
  readonly structuredContent?: JsonValue;
}

/**
 * A failure that the model should know of: thrown by a tool, its message becomes the tool's result, marked with `isError`.
 * Whatever else a tool throws is hidden from the client. https://modelcontextprotocol.io/specification/2026-07-28/server/tools
 */
export class ToolError extends McpError {
  override readonly code = 'failed' as const;
  readonly content: readonly ContentBlock[] | undefined;
  readonly structuredContent: JsonValue | undefined;

  constructor(message: string, options: ToolErrorOptions = {}) {
    super('ToolError', message, options);
    this.content = options.content;
    this.structuredContent = options.structuredContent;
  }
}

/** Tells whether a value is a {@link ToolError}, also one made by another copy of this package. */
export function isToolError(value: unknown): value is ToolError {
  return isMcpError(value, 'ToolError');
}
