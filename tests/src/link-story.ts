import type { Era, JsonObject } from '@trunkline/protocol';
import { connect, Server, type Client, type ClientOptions } from '@trunkline/session';
import type { Acceptor, Dial } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { within } from './within.ts';

/** A server that somebody serves over the binding under test. */
export interface Served extends AsyncDisposable {
  /** Reaches it. */
  readonly dial: Dial;
  /** Breaks every connection, without a goodbye. */
  sever(): void;
  /** Connections that were opened so far. */
  readonly connections: number;
}

/** What the handlers of {@link storyServer} did. */
interface Seen {
  aborted: number;
  onStarted: () => void;
}

/** Everything a session does over a link that both ends may speak on, told once for each binding. */
export function linkStory(
  name: string,
  eras: readonly Era[],
  serve: (acceptor: Acceptor) => Promise<Served>,
): void {
  describe.each(eras)(`${name}, %s era`, (era) => {
    const open = (served: Served, options: ClientOptions = {}): Promise<Client> =>
      connect(served.dial, { eras: [era], ...options });

    test('the server says who it is, and answers', async () => {
      await using served = await serve(storyServer().server);
      await using client = await open(served);
      expect(client.era).toBe(era);
      expect(client.serverInfo).toEqual({ name: 'story', version: '1.0.0' });
      await client.ping();
      expect((await client.callTool('add', { a: 1, b: 2 })).structuredContent).toEqual({ sum: 3 });
      expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('add');
    });

    test('an unknown method and bad params are the peer’s errors', async () => {
      await using served = await serve(storyServer().server);
      await using client = await open(served);
      await expect(client.request('nope/nope')).rejects.toMatchObject({ code: -32601 });
      await client.ping();
    });

    test('a handler asks the user, and reports progress before and after', async () => {
      await using served = await serve(storyServer().server);
      const reports: JsonObject[] = [];
      await using client = await open(served, {
        onElicit: ({ message }) => ({ action: 'accept', content: { name: `ada (${message})` } }),
      });
      const result = await client.callTool(
        'greet',
        {},
        { onProgress: (report) => reports.push({ ...report }) },
      );
      expect(result.content).toEqual([{ type: 'text', text: 'hi ada (Your name?)' }]);
      expect(reports).toEqual([{ progress: 1, total: 2, message: 'asking' }]);
    });

    test('a handler asks the model', async () => {
      await using served = await serve(storyServer().server);
      await using client = await open(served, {
        onSample: ({ messages }) => ({
          role: 'assistant',
          model: 'parrot',
          content: { type: 'text', text: JSON.stringify(messages.length) },
        }),
      });
      const result = await client.callTool('think');
      expect(result.content).toEqual([{ type: 'text', text: 'parrot says 1' }]);
    });

    test('an aborted call stops the handler, and the link lives', async () => {
      const { server, seen } = storyServer();
      await using served = await serve(server);
      await using client = await open(served);
      const stop = new AbortController();
      const started = new Promise<void>((resolve) => (seen.onStarted = resolve));
      const call = client.callTool('hang', {}, { signal: stop.signal });
      await within(started, () => 'the handler');
      stop.abort(new Error('enough'));
      await expect(call).rejects.toThrow('enough');
      await client.ping();
      expect(seen.aborted).toBe(1);
    });

    test('changes reach who follows them', async () => {
      const { server } = storyServer();
      await using served = await serve(server);
      await using client = await open(served);
      const listening = await client.listen({ toolsListChanged: true, resourceSubscriptions: ['file:///a'] });
      server.changed({ kind: 'tools' });
      server.changed({ kind: 'resource', uri: 'file:///b' });
      server.changed({ kind: 'resource', uri: 'file:///a' });
      const changes = [];
      for await (const change of listening) {
        changes.push(change);
        if (changes.length === 2) break;
      }
      expect(changes).toEqual([{ kind: 'tools' }, { kind: 'resource', uri: 'file:///a' }]);
    });

    test('a hundred calls at once, over one connection', async () => {
      await using served = await serve(storyServer().server);
      await using client = await open(served);
      const before = served.connections;
      const sums = await Promise.all(
        Array.from(
          { length: 100 },
          async (_, at) => (await client.callTool('add', { a: at, b: at })).structuredContent,
        ),
      );
      expect(sums).toEqual(Array.from({ length: 100 }, (_, at) => ({ sum: 2 * at })));
      expect(served.connections).toBe(before);
    });

    test('a hundred clients at once, none of which hears another', async () => {
      await using served = await serve(storyServer().server);
      const clients = await Promise.all(Array.from({ length: 100 }, () => open(served)));
      const names = await Promise.all(
        clients.map(async (client, at) => (await client.callTool('echo', { at })).structuredContent),
      );
      expect(names).toEqual(clients.map((_, at) => ({ at })));
      await Promise.all(clients.map((client) => client.close()));
    });

    test('a megabyte goes both ways', async () => {
      await using served = await serve(storyServer().server);
      await using client = await open(served);
      const text = 'größer 😀 '.repeat(70_000);
      expect((await client.callTool('echo', { text })).structuredContent).toEqual({ text });
    });

    test('a connection that breaks fails what is under way; the next call dials again', async () => {
      const { server, seen } = storyServer();
      await using served = await serve(server);
      await using client = await open(served);
      const before = served.connections;
      const started = new Promise<void>((resolve) => (seen.onStarted = resolve));
      const call = client.callTool('hang');
      await within(started, () => 'the handler');
      served.sever();
      await expect(call).rejects.toMatchObject({ code: 'link-lost', delivery: 'unknown' });
      expect((await client.callTool('add', { a: 2, b: 2 })).structuredContent).toEqual({ sum: 4 });
      expect(served.connections).toBeGreaterThan(before);
      expect(seen.aborted).toBe(1);
    });

    test('closing the client ends what it left behind on the server', async () => {
      const { server, seen } = storyServer();
      await using served = await serve(server);
      const client = await open(served);
      const started = new Promise<void>((resolve) => (seen.onStarted = resolve));
      const call = client.callTool('hang').catch((error: unknown) => error);
      await within(started, () => 'the handler');
      const ended = new Promise<void>((resolve) => (seen.onStarted = resolve));
      await client.close();
      expect(await call).toMatchObject({ name: 'SessionError' });
      await within(ended, () => 'the handler to be told');
      expect(seen.aborted).toBe(1);
    });
  });
}

function storyServer(): { server: Server; seen: Seen } {
  const seen: Seen = { aborted: 0, onStarted: () => {} };
  const server = new Server(
    { name: 'story', version: '1.0.0' },
    { capabilities: { tools: { listChanged: true }, resources: { subscribe: true } } },
  );
  const names = ['add', 'echo', 'greet', 'think', 'hang'];
  server.handle('tools/list', () => ({
    tools: names.map((name) => ({ name, inputSchema: { type: 'object' } })),
  }));
  server.handle('tools/call', async ({ name, arguments: args = {} }, context) => {
    if (name === 'add')
      return { content: [], structuredContent: { sum: Number(args['a']) + Number(args['b']) } };
    if (name === 'echo') return { content: [], structuredContent: args };
    if (name === 'greet') {
      await context.progress(1, 2, 'asking');
      const { content } = await context.ask.elicit({
        message: 'Your name?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return { content: [{ type: 'text', text: `hi ${String(content?.['name'])}` }] };
    }
    if (name === 'think') {
      const { model, content } = await context.ask.sample({
        messages: [{ role: 'user', content: { type: 'text', text: 'how many?' } }],
        maxTokens: 10,
      });
      const said = Array.isArray(content) ? content[0] : content;
      return { content: [{ type: 'text', text: `${model} says ${said?.type === 'text' ? said.text : ''}` }] };
    }
    return new Promise((_, reject) => {
      context.signal.addEventListener('abort', () => {
        seen.aborted += 1;
        reject(new Error('stopped'));
        seen.onStarted();
      });
      seen.onStarted();
    });
  });
  return { server, seen };
}
