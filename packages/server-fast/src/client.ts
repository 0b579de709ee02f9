/**
 * A client that knows the tools of a server by their types; nothing is generated and nothing of the server is loaded.
 */
import type { CallToolResult } from '@trunkline/protocol';
import type { Client, RequestOptions } from '@trunkline/session';
import type { ToolsOf } from './server.ts';
import { ToolError } from './tool-error.ts';

/** What a tool answered, with the value that its output schema describes. */
export type TypedResult<Data> = CallToolResult & { readonly data: Data };

/** Calls one tool. Arguments that are all optional may be left out. */
export type TypedTool<Tool> = Tool extends { readonly args: infer Args; readonly result: infer Data }
  ? {} extends Args
    ? (args?: Args, options?: RequestOptions) => Promise<TypedResult<Data>>
    : (args: Args, options?: RequestOptions) => Promise<TypedResult<Data>>
  : never;

/** The tools of a server as functions. */
export type TypedTools<Tools> = {
  readonly [Name in Exclude<keyof Tools, 'then'>]: TypedTool<Tools[Name]>;
};

/** A client with its tools. */
export interface TypedClient<Tools> {
  readonly tools: TypedTools<Tools>;
  /** The client below, for everything else. */
  readonly client: Client;
}

/**
 * Gives a client the types of a server: `typedClient<typeof server>(client).tools.add({ a: 1, b: 2 })`. A result with
 * `isError` is thrown as a `ToolError`. A tool that is called `then` is reached by `client.callTool` alone.
 */
export function typedClient<Server>(client: Client): TypedClient<ToolsOf<Server>> {
  const tools = new Proxy(Object.create(null) as object, {
    get: (_none, name) =>
      typeof name === 'string' && name !== 'then'
        ? async (args?: object, options?: RequestOptions) =>
            typed(name, await client.callTool(name, args, options))
        : undefined,
  });
  return { client, tools: tools as TypedTools<ToolsOf<Server>> };
}

function typed(name: string, result: CallToolResult): TypedResult<unknown> {
  const text = result.content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
  if (result.isError) {
    const { content, structuredContent } = result;
    throw new ToolError(text || `${name} failed`, {
      content,
      ...(structuredContent !== undefined && { structuredContent }),
    });
  }
  return { ...result, data: result.structuredContent ?? parsed(text) };
}

/** Legacy clients get a value that is no object as text. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
