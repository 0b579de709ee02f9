import { Client, LOG_LEVEL_META_KEY, type Transport } from '@modelcontextprotocol/client';
import type { Era, LoggingLevel } from '@trunkline/protocol';
import { CLIENT_INFO, MODEL, textOf, type Hooks, type InteropClient } from './client.ts';

/** The client of the official SDK, 2.x, in one era or, with `auto`, in the one it finds. */
export async function officialClient2(
  transport: Transport,
  hooks: Hooks,
  era: Era | 'auto',
): Promise<InteropClient> {
  const capabilities = { elicitation: {}, sampling: {}, roots: {} };
  const mode = era === 'modern' ? { pin: '2026-07-28' } : era;
  const client = new Client(CLIENT_INFO, { capabilities, versionNegotiation: { mode } });
  listenTo(client, hooks);
  await client.connect(transport);
  const isModern = client.getProtocolEra() === 'modern';
  // In the modern era the level goes with each request, which this client leaves to its user.
  let level: LoggingLevel | undefined;
  return {
    revision: client.getNegotiatedProtocolVersion(),
    serverName: client.getServerVersion()?.name,
    tools: async () => (await client.listTools()).tools,
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    firstPage: async () => {
      const page = await client.request({ method: 'resources/list', params: {} });
      return page.resources.map(({ uri }) => uri);
    },
    read: async (uri) => textOf((await client.readResource({ uri })).contents),
    prompt: async (name, args) => {
      const { messages } = await client.getPrompt({ name, arguments: args });
      return textOf(messages.map(({ content }) => content));
    },
    async call(name, args = {}, { signal, onProgress } = {}) {
      const options = { ...(signal && { signal }), ...(onProgress && { onprogress: onProgress }) };
      const meta = level && { _meta: { [LOG_LEVEL_META_KEY]: level } };
      const result = await client.callTool({ name, arguments: args, ...meta }, options);
      const { content, structuredContent, isError } = result;
      return { content, text: textOf(content), structured: structuredContent, isError: isError === true };
    },
    async setLogLevel(wanted) {
      if (isModern) level = wanted;
      else await client.setLoggingLevel(wanted);
    },
    async follow(uri) {
      if (isModern) await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
      else await client.subscribeResource({ uri });
    },
    close: () => client.close(),
  };
}

function listenTo(client: Client, hooks: Hooks): void {
  client.setRequestHandler('elicitation/create', ({ params }) => hooks.elicit(params.message));
  client.setRequestHandler('sampling/createMessage', ({ params }) => {
    const content = params.messages.at(-1)?.content;
    const text = textOf(Array.isArray(content) ? content : content ? [content] : []);
    return { role: 'assistant', model: MODEL, content: { type: 'text', text: hooks.sample(text) } };
  });
  client.setRequestHandler('roots/list', () => ({ roots: [...hooks.roots] }));
  client.setNotificationHandler('notifications/message', ({ params }) =>
    hooks.logged(params.level, params.data),
  );
  client.setNotificationHandler('notifications/tools/list_changed', () => hooks.changed('tools'));
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => hooks.changed(params.uri));
}
