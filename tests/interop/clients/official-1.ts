import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  ListRootsRequestSchema,
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { CLIENT_INFO, MODEL, textOf, type Hooks, type InteropClient } from './client.ts';
import { allPages } from './pages.ts';

/** The client of the official SDK, 1.x. */
export async function officialClient1(transport: Transport, hooks: Hooks): Promise<InteropClient> {
  const capabilities = { elicitation: {}, sampling: {}, roots: {} };
  const client = new Client(CLIENT_INFO, { capabilities });
  answerQuestions(client, hooks);
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) =>
    hooks.logged(params.level, params.data),
  );
  client.setNotificationHandler(ToolListChangedNotificationSchema, () => hooks.changed('tools'));
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) => hooks.changed(params.uri));
  await client.connect(transport);
  return {
    // Known to the transport only, and only to some.
    revision: undefined,
    serverName: client.getServerVersion()?.name,
    tools: () =>
      allPages(
        (page) => client.listTools(page),
        ({ tools }) => tools,
      ),
    prompts: () =>
      allPages(
        (page) => client.listPrompts(page),
        ({ prompts }) => prompts.map(({ name }) => name),
      ),
    resources: () =>
      allPages(
        (page) => client.listResources(page),
        ({ resources }) => resources.map(({ uri }) => uri),
      ),
    firstPage: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompt: async (name, args) => {
      const { messages } = await client.getPrompt({ name, arguments: args });
      return textOf(messages.map(({ content }) => content));
    },
    async call(name, args = {}, { signal, onProgress } = {}) {
      const options = { ...(signal && { signal }), ...(onProgress && { onprogress: onProgress }) };
      const result = await client.callTool({ name, arguments: args }, CallToolResultSchema, options);
      const { content, structuredContent, isError } = CallToolResultSchema.parse(result);
      return { content, text: textOf(content), structured: structuredContent, isError: isError === true };
    },
    setLogLevel: async (level) => void (await client.setLoggingLevel(level)),
    follow: async (uri) => void (await client.subscribeResource({ uri })),
    close: () => client.close(),
  };
}

function answerQuestions(client: Client, hooks: Hooks): void {
  client.setRequestHandler(ElicitRequestSchema, ({ params }) => hooks.elicit(params.message));
  client.setRequestHandler(CreateMessageRequestSchema, ({ params }) => {
    const content = params.messages.at(-1)?.content;
    const text = textOf(Array.isArray(content) ? content : content ? [content] : []);
    return { role: 'assistant', model: MODEL, content: { type: 'text', text: hooks.sample(text) } };
  });
  client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: [...hooks.roots] }));
}
