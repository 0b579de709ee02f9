import {
  findMirroredParams,
  type CallToolResult,
  type JsonObject,
  type MirroredParam,
  resourceNotFound,
} from '@trunkline/protocol';
import { Server, type Context, type ServerOptions } from '@trunkline/session';

/** What a tool of the test server does. */
type Tool = (args: JsonObject, context: Context) => Promise<CallToolResult> | CallToolResult;

/** A server whose tools show what a binding does to them. */
export class TestServer extends Server {
  readonly errors: unknown[] = [];
  readonly seen: { method: string; origin: Context['origin'] }[] = [];
  readonly #tools = new Map<string, Tool>();

  constructor(options: ServerOptions = {}) {
    super(
      { name: 'test', version: '1' },
      {
        capabilities: { tools: { listChanged: true }, resources: { subscribe: true }, logging: {} },
        mirrorOf,
        ...options,
        onError: (error) => this.errors.push(error),
      },
    );
    this.handle('tools/list', () => ({ tools: [] }));
    this.handle('resources/read', ({ uri }) => {
      throw resourceNotFound(uri);
    });
    this.handle('tools/call', ({ name, arguments: args = {} }, context) => {
      this.seen.push({ method: name, origin: context.origin });
      const tool = this.#tools.get(name);
      if (!tool) return text(`hi ${name}`);
      return tool(args, context);
    });
  }

  tool(name: string, tool: Tool): this {
    this.#tools.set(name, tool);
    return this;
  }
}

export function text(words: string): CallToolResult {
  return { content: [{ type: 'text', text: words }] };
}

function mirrorOf(tool: string): readonly MirroredParam[] | undefined {
  if (tool !== 'mirrored') return undefined;
  const found = findMirroredParams({
    type: 'object',
    properties: {
      region: { type: 'string', 'x-mcp-header': 'Region' },
      count: { type: 'integer', 'x-mcp-header': 'Count' },
      urgent: { type: 'boolean', 'x-mcp-header': 'Urgent' },
    },
  });
  return typeof found === 'string' ? undefined : found;
}
