import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@trunkline/session';
import { httpClient } from '@trunkline/transport-http';
import { Server as SdkServer } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  ListToolsRequestSchema,
  isInitializeRequest,
} from '@modelcontextprotocol/sdk/types.js';
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';

const open: HttpServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function sdkServer(): Promise<string> {
  const transports = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      const id = request.headers['mcp-session-id'] as string | undefined;
      let transport = id === undefined ? undefined : transports.get(id);
      if (!transport && isInitializeRequest(body)) {
        transport = new StreamableHTTPServerTransport({
          sessionIdGenerator: () => randomUUID(),
          onsessioninitialized: (sid) => void transports.set(sid, transport!),
        });
        const server = new SdkServer({ name: 'sdk', version: '1' }, { capabilities: { tools: {} } });
        server.setRequestHandler(ListToolsRequestSchema, () => ({
          tools: [{ name: 'add', inputSchema: { type: 'object' } }],
        }));
        server.setRequestHandler(CallToolRequestSchema, async (request, extra) => {
          await extra.sendNotification({
            method: 'notifications/progress',
            params: { progressToken: extra._meta!.progressToken!, progress: 1 },
          });
          return { content: [{ type: 'text', text: `hi ${request.params.name}` }] };
        });
        await server.connect(transport);
      }
      if (!transport) {
        response
          .writeHead(id === undefined ? 400 : 404, { 'content-type': 'application/json' })
          .end(
            JSON.stringify({
              jsonrpc: '2.0',
              error: { code: -32000, message: 'Bad Request: Server not initialized' },
              id: null,
            }),
          );
        return;
      }
      await transport.handleRequest(request, response, body);
    })();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  open.push(http);
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`;
}

test('reaches a server of the official SDK 1.x, of which it does not know the era', async () => {
  const url = await sdkServer();
  const progress: unknown[] = [];
  await using client = await connect(httpClient(url));
  expect(client.era).toBe('legacy');
  expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['add']);
  const result = await client.callTool('add', {}, { onProgress: (report) => progress.push(report) });
  expect(result.content).toEqual([{ type: 'text', text: 'hi add' }]);
  expect(progress).toEqual([{ progress: 1 }]);
});
