import { Server } from '@trunkline/session';
import type { CallToolResult } from '@trunkline/protocol';

/** The server of these tests: it runs wherever there is `fetch`. */
export function subject(): Server {
  const server = new Server(
    { name: 'subject', version: '1' },
    { capabilities: { tools: { listChanged: true } } },
  );
  server.handle('tools/list', () => ({
    tools: ['add', 'echo', 'count', 'ask'].map((name) => ({ name, inputSchema: { type: 'object' } })),
  }));
  server.handle('tools/call', async ({ name, arguments: args = {} }, context): Promise<CallToolResult> => {
    if (name === 'add') return say(String(Number(args['a']) + Number(args['b'])));
    if (name === 'echo') return say(typeof args['text'] === 'string' ? args['text'] : '');
    if (name === 'count') {
      for (let step = 1; step <= 3; step += 1) await context.progress(step, 3);
      return say('counted');
    }
    if (name === 'ask') {
      const answer = await context.ask.elicit({
        mode: 'form',
        message: 'Who?',
        requestedSchema: { type: 'object', properties: { name: { type: 'string' } } },
      });
      return say(JSON.stringify(answer.action === 'accept' ? answer.content : answer.action));
    }
    return { ...say(`no tool ${name}`), isError: true };
  });
  return server;
}

function say(text: string): CallToolResult {
  return { content: [{ type: 'text', text }] };
}
