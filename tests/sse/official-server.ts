import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { officialServer1 } from '../interop/servers/official-1.ts';

/** The server of the official SDK, 1.x, over HTTP+SSE. */
export async function officialSse(): Promise<{ url: string; close: () => Promise<void> }> {
  const sessions = new Map<string, SSEServerTransport>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'GET') {
      const transport = new SSEServerTransport('/messages', response);
      sessions.set(transport.sessionId, transport);
      void officialServer1().connect(transport);
    } else void sessions.get(url.searchParams.get('sessionId') ?? '')?.handlePostMessage(request, response);
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sse`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => void server.close(() => resolve()));
    },
  };
}
