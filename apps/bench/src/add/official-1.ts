import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import * as z from 'zod';

/** A server of the official SDK, 1.x, with the tool that every contender has. */
export function addServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  const schemas = { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } };
  server.registerTool('add', schemas, ({ a, b }) => {
    const sum = a + b;
    return { content: [{ type: 'text', text: `{"sum":${sum}}` }], structuredContent: { sum } };
  });
  return server;
}
