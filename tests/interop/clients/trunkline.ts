import { connect, type ClientOptions, type Listening } from '@trunkline/session';
import type { Dial, Transport } from '@trunkline/transport';
import { CLIENT_INFO, MODEL, textOf, type Hooks, type InteropClient } from './client.ts';

/** Trunkline's client. */
export async function trunklineClient(
  target: Dial | Transport,
  hooks: Hooks,
  eras: ClientOptions['eras'],
): Promise<InteropClient> {
  const client = await connect(target, {
    info: CLIENT_INFO,
    eras,
    onElicit: ({ message }) => hooks.elicit(message),
    onSample: ({ messages }) => {
      const content = messages.at(-1)?.content;
      const text = textOf(Array.isArray(content) ? content : content ? [content] : []);
      return { role: 'assistant', model: MODEL, content: { type: 'text', text: hooks.sample(text) } };
    },
    roots: () => hooks.roots,
    onLog: ({ level, data }) => hooks.logged(level, data),
  });
  return {
    revision: client.revision,
    serverName: client.serverInfo?.name,
    tools: async () => (await client.listTools()).tools,
    prompts: async () => (await client.listPrompts()).prompts.map(({ name }) => name),
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    firstPage: async () => (await client.listResources({ pages: 1 })).resources.map(({ uri }) => uri),
    read: async (uri) => textOf((await client.readResource(uri)).contents),
    prompt: async (name, args) =>
      textOf((await client.getPrompt(name, args)).messages.map(({ content }) => content)),
    async call(name, args, options = {}) {
      const { content, structuredContent, isError } = await client.callTool(name, args, options);
      return { content, text: textOf(content), structured: structuredContent, isError: isError === true };
    },
    setLogLevel: (level) => client.setLoggingLevel(level),
    async follow(uri) {
      void report(await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] }), hooks);
    },
    close: () => client.close(),
  };
}

/** A lost link ends the iteration with an error, which the end of a test is no reason for. */
async function report(listening: Listening, hooks: Hooks): Promise<void> {
  try {
    for await (const change of listening)
      hooks.changed(change.kind === 'resource' ? change.uri : change.kind);
  } catch {
    // The client was closed.
  }
}
