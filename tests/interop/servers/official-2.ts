import {
  acceptedContent,
  inputRequired,
  inputResponse,
  McpServer,
  type CallToolResult,
  type InputRequiredResult,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
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

/** The server of these tests, made with the official SDK, 2.x. It serves both eras. */
export function officialServer2(): McpServer {
  const capabilities = {
    logging: {},
    tools: { listChanged: true },
    resources: { subscribe: true, listChanged: true },
  };
  const server = new McpServer(SERVER_INFO, { capabilities });
  offerNotes(server);
  server.registerPrompt(PROMPT, { argsSchema: z.object({ name: z.string() }) }, ({ name }) => ({
    messages: [{ role: 'user', content: { type: 'text', text: greeting(name) } }],
  }));
  offerPlainTools(server);
  offerLongTools(server);
  offerAskingTools(server);
  return server;
}

const TEXT = z.object({ text: z.string() });
const COUNT = z.object({ count: z.number() });

function offerPlainTools(server: McpServer): void {
  server.registerTool('echo', { inputSchema: TEXT }, ({ text }) => say(text));
  server.registerTool('measure', { inputSchema: TEXT }, ({ text }) => say(String(text.length)));
  server.registerTool('repeat', { inputSchema: COUNT }, ({ count }) => say('x'.repeat(count)));
  server.registerTool('fail', {}, () => ({ ...say('it did not work'), isError: true }));
  const inputSchema = z.object({ a: z.number(), b: z.number() });
  const outputSchema = z.object({ sum: z.number() });
  server.registerTool('add', { inputSchema, outputSchema }, ({ a, b }) => ({
    ...say(JSON.stringify({ sum: a + b })),
    structuredContent: { sum: a + b },
  }));
  server.registerTool('describe', DESCRIBED, () => say('described'));
  server.registerTool('show', {}, () => ({ content: CONTENT }));
  server.registerTool('grow', {}, () => {
    server.registerTool('grown', {}, () => say('big'));
    return say('grown');
  });
  server.registerTool('touch', { inputSchema: z.object({ uri: z.string() }) }, async ({ uri }) => {
    await server.server.sendResourceUpdated({ uri });
    return say('touched');
  });
  server.registerTool('talk', {}, async ({ mcpReq }) => {
    await mcpReq.log(QUIET.level, QUIET.data);
    await mcpReq.log(LOUD.level, LOUD.data);
    return say('said');
  });
}

function offerLongTools(server: McpServer): void {
  const waiting = new Waiting();
  server.registerTool('count', { inputSchema: COUNT }, async ({ count }, context) => {
    for (let step = 1; step <= count; step++) await report(context, step, count);
    await waiting.untilGo();
    return say('counted');
  });
  server.registerTool('burst', { inputSchema: COUNT }, async ({ count }, context) => {
    for (let step = 1; step <= count; step++) await report(context, step, count);
    return say('counted');
  });
  server.registerTool('go', {}, () => {
    waiting.go();
    return say('going');
  });
  server.registerTool('hang', {}, async (context) => {
    await report(context, 1);
    return waiting.hang(context.mcpReq.signal);
  });
  server.registerTool('stopped', {}, async () => {
    await waiting.stopped();
    return say('stopped');
  });
}

function offerAskingTools(server: McpServer): void {
  server.registerTool('ask', {}, ({ mcpReq: { inputResponses } }): CallToolResult | InputRequiredResult => {
    const answer = inputResponse(inputResponses, 'name');
    if (answer.kind === 'missing') {
      const question = inputRequired.elicit({ message: QUESTION, requestedSchema: NAME_SCHEMA });
      return inputRequired({ inputRequests: { name: question } });
    }
    const content = acceptedContent(inputResponses, 'name');
    if (content) return say(`Hello ${String(content['name'])}`);
    return say(answer.kind === 'elicit' ? answer.action : answer.kind);
  });
  server.registerTool('ask-twice', {}, ({ mcpReq }) => {
    // What was answered earlier comes back in the state that the client repeats.
    const state = mcpReq.requestState();
    const names = typeof state === 'string' ? (JSON.parse(state) as string[]) : [];
    const content = acceptedContent(mcpReq.inputResponses, 'name');
    if (content) names.push(String(content['name']));
    if (names.length === 2) return say(names.join(' and '));
    const message = `${QUESTION} (${names.length + 1})`;
    const question = inputRequired.elicit({ message, requestedSchema: NAME_SCHEMA });
    return inputRequired({ inputRequests: { name: question }, requestState: JSON.stringify(names) });
  });
  server.registerTool('think', { inputSchema: TEXT }, ({ text }, { mcpReq: { inputResponses } }) => {
    const answer = inputResponse(inputResponses, 'thought');
    if (answer.kind !== 'sampling') {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text } }];
      return inputRequired({
        inputRequests: { thought: inputRequired.createMessage({ messages, maxTokens: 100 }) },
      });
    }
    const { content } = answer.result;
    return say('text' in content ? content.text : 'no text');
  });
  server.registerTool('roots', {}, ({ mcpReq: { inputResponses } }) => {
    const answer = inputResponse(inputResponses, 'roots');
    if (answer.kind !== 'roots') {
      return inputRequired({ inputRequests: { roots: inputRequired.listRoots() } });
    }
    return say(answer.roots.map(({ uri }) => uri).join());
  });
}

function offerNotes(server: McpServer): void {
  for (const { name, uri, text } of NOTES)
    server.registerResource(name, uri, {}, () => ({ contents: [{ uri, text }] }));
  // The class for servers has one page only.
  server.server.setRequestHandler('resources/list', ({ params }) => {
    const start = Number(params?.cursor ?? 0);
    const end = start + PAGE_SIZE;
    const resources = NOTES.slice(start, end).map(({ name, uri }) => ({ name, uri }));
    return { resources, ...(end < NOTES.length && { nextCursor: String(end) }) };
  });
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

async function report({ mcpReq }: ServerContext, progress: number, total?: number): Promise<void> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return;
  const params = { progressToken, progress, message: `step ${progress}`, ...(total && { total }) };
  await mcpReq.notify({ method: 'notifications/progress', params });
}

function say(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}

if (import.meta.main) serveStdio(officialServer2);
