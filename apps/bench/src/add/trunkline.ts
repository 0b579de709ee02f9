import { Server } from '@trunkline/session';

/** A server with the tool that every contender has: `add { a, b } → { sum }`. */
export function addServer(): Server {
  const server = new Server({ name: 'bench', version: '1.0.0' });
  server.handle('tools/list', () => ({ tools: [{ name: 'add', inputSchema: { type: 'object' } }] }));
  server.handle('tools/call', ({ arguments: args }) => {
    const sum = Number(args?.['a']) + Number(args?.['b']);
    return { content: [{ type: 'text', text: `{"sum":${sum}}` }], structuredContent: { sum } };
  });
  return server;
}
