import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { officialServer1 } from '../interop/servers/official-1.ts';
import { officialServer2 } from '../interop/servers/official-2.ts';
import type { Listener } from './host.ts';

/** The official SDK 1.x with sessions, the way its examples do it. */
export function stateful1(): Listener {
  return withSessions(async (opened) => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => opened(id, transport),
    });
    await officialServer1().connect(transport);
    return transport;
  });
}

/** The official SDK 1.x without sessions: a server for each request. */
export function stateless1(): Listener {
  return (request, response) =>
    void (async () => {
      const transport = new StreamableHTTPServerTransport({});
      await officialServer1().connect(transport);
      await transport.handleRequest(request, response, await bodyOf(request));
    })();
}

/** The official SDK 2.x with sessions, which it has for the legacy era only. */
export function stateful2(): Listener {
  return withSessions(async (opened) => {
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id: string) => opened(id, transport),
    });
    await officialServer2().connect(transport);
    return transport;
  });
}

/** The official SDK 2.x as its own handler serves both eras: a server for each request. */
export function stateless2(): Listener {
  return toNodeHandler(createMcpHandler(() => officialServer2())) as Listener;
}

interface SessionTransport {
  handleRequest(request: IncomingMessage, response: ServerResponse, body?: unknown): Promise<void>;
}

function withSessions(
  open: (opened: (id: string, transport: SessionTransport) => void) => Promise<SessionTransport>,
): Listener {
  const sessions = new Map<string, SessionTransport>();
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? sessions.get(id) : undefined;
    const opens = (body as { method?: unknown } | undefined)?.method === 'initialize';
    if (known) return known.handleRequest(request, response, body);
    if (opens)
      return (await open((own, transport) => sessions.set(own, transport))).handleRequest(
        request,
        response,
        body,
      );
    const error = { code: -32000, message: 'Bad Request: Server not initialized' };
    response.writeHead(id === undefined ? 400 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }));
  };
  return (request, response) => void serve(request, response);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
}
