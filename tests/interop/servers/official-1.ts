import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import {
  ListResourcesRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { CallToolResult, ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import * as z from 'zod';
import {
  CONTENT,
  DESCRIBED,
  greeting,
  LOUD,
  NAME_SCHEMA,
  NOTES,
  PAGE_SIZE,
  PROMPT,
  QUESTION,
  QUIET,
  SERVER_INFO,
  Waiting,
} from './features.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The server of these tests, made with the official SDK, 1.x. */
export function officialServer1(): McpServer {
  const capabilities = { logging: {}, resources: { subscribe: true, listChanged: true } };
  const server = new McpServer(SERVER_INFO, { capabilities });
  offerNotes(server);
  server.registerPrompt(PROMPT, { argsSchema: { name: z.string() } }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: greeting(name) } }],
  }));
  offerPlainTools(server);
  offerLongTools(server);
  offerAskingTools(server);
  return server;
}

function offerPlainTools(server: McpServer): void {
  const ok = { inputSchema: { text: z.string() } };
  server.registerTool('echo', ok, ({ text }) => say(text));
  server.registerTool('measure', ok, ({ text }) => say(String(text.length)));
  server.registerTool('repeat', { inputSchema: { count: z.number() } }, ({ count }) =>
    say('x'.repeat(count)),
  );
  server.registerTool('fail', {}, () => ({ ...say('it did not work'), isError: true }));
  server.registerTool(
    'add',
    { inputSchema: { a: z.number(), b: z.number() }, outputSchema: { sum: z.number() } },
    ({ a, b }) => ({ ...say(JSON.stringify({ sum: a + b })), structuredContent: { sum: a + b } }),
  );
  server.registerTool('describe', DESCRIBED, () => say('described'));
  server.registerTool('show', {}, () => ({ content: CONTENT }));
  server.registerTool('grow', {}, () => {
    server.registerTool('grown', {}, () => say('big'));
    return say('grown');
  });
  server.registerTool('touch', { inputSchema: { uri: z.string() } }, async ({ uri }) => {
    await server.server.sendResourceUpdated({ uri });
    return say('touched');
  });
  // The level is kept for each session of a transport that has them.
  server.registerTool('talk', {}, async ({ sessionId }) => {
    await server.sendLoggingMessage(QUIET, sessionId);
    await server.sendLoggingMessage(LOUD, sessionId);
    return say('said');
  });
}

function offerLongTools(server: McpServer): void {
  const waiting = new Waiting();
  server.registerTool('count', { inputSchema: { count: z.number() } }, async ({ count }, extra) => {
    for (let step = 1; step <= count; step++) await report(extra, step, count);
    await waiting.untilGo();
    return say('counted');
  });
  server.registerTool('burst', { inputSchema: { count: z.number() } }, async ({ count }, extra) => {
    for (let step = 1; step <= count; step++) await report(extra, step, count);
    return say('counted');
  });
  server.registerTool('go', {}, () => {
    waiting.go();
    return say('going');
  });
  server.registerTool('hang', {}, async (extra) => {
    await report(extra, 1);
    return waiting.hang(extra.signal);
  });
  server.registerTool('stopped', {}, async () => {
    await waiting.stopped();
    return say('stopped');
  });
}

function offerAskingTools(server: McpServer): void {
  server.registerTool('ask', {}, async () => {
    const answer = await server.server.elicitInput({ message: QUESTION, requestedSchema: NAME_SCHEMA });
    return say(answer.action === 'accept' ? `Hello ${String(answer.content?.['name'])}` : answer.action);
  });
  server.registerTool('ask-twice', {}, async () => {
    const names: string[] = [];
    for (const number of [1, 2]) {
      const message = `${QUESTION} (${number})`;
      const { content } = await server.server.elicitInput({ message, requestedSchema: NAME_SCHEMA });
      names.push(String(content?.['name']));
    }
    return say(names.join(' and '));
  });
  server.registerTool('think', { inputSchema: { text: z.string() } }, async ({ text }) => {
    const messages = [{ role: 'user' as const, content: { type: 'text' as const, text } }];
    const { content } = await server.server.createMessage({ messages, maxTokens: 100 });
    return say(content.type === 'text' ? content.text : content.type);
  });
  server.registerTool('roots', {}, async () => {
    const { roots } = await server.server.listRoots();
    return say(roots.map(({ uri }) => uri).join());
  });
}

function offerNotes(server: McpServer): void {
  for (const { name, uri, text } of NOTES)
    server.registerResource(name, uri, {}, () => ({ contents: [{ uri, text }] }));
  // The class for servers has one page only.
  server.server.setRequestHandler(ListResourcesRequestSchema, ({ params }) => {
    const start = Number(params?.cursor ?? 0);
    const end = start + PAGE_SIZE;
    const resources = NOTES.slice(start, end).map(({ name, uri }) => ({ name, uri }));
    return { resources, ...(end < NOTES.length && { nextCursor: String(end) }) };
  });
  server.server.setRequestHandler(SubscribeRequestSchema, () => ({}));
  server.server.setRequestHandler(UnsubscribeRequestSchema, () => ({}));
}

async function report(extra: Extra, progress: number, total?: number): Promise<void> {
  const progressToken = extra._meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, message: `step ${progress}`, ...(total && { total }) };
  await extra.sendNotification({ method: 'notifications/progress', params });
}

function say(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}

if (import.meta.main) await officialServer1().connect(new StdioServerTransport());
