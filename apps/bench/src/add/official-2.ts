import { McpServer } from '@modelcontextprotocol/server';
import * as z from 'zod';

/** A server of the official SDK, 2.x, with the tool that every contender has. */
export function addServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  const inputSchema = z.object({ a: z.number(), b: z.number() });
  const outputSchema = z.object({ sum: z.number() });
  server.registerTool('add', { inputSchema, outputSchema }, ({ a, b }) => {
    const sum = a + b;
    return { content: [{ type: 'text', text: `{"sum":${sum}}` }], structuredContent: { sum } };
  });
  return server;
}
