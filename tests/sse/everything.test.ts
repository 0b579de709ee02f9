import { connect, type Client } from '@trunkline/session';
import { sseClient } from '@trunkline/transport-sse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEverything, type Everything } from '../http-client/everything-process.ts';

let everything: Everything;
let client: Client;

beforeAll(async () => {
  everything = await startEverything('sse');
  client = await connect(sseClient(everything.url), {
    onSample: () => ({ role: 'assistant', model: 'none', content: { type: 'text', text: 'an answer' } }),
  });
}, 30_000);

afterAll(async () => {
  await client?.close();
  await everything?.[Symbol.asyncDispose]();
});

describe('@modelcontextprotocol/server-everything over HTTP+SSE', () => {
  test('is a legacy server, found out without being told', async () => {
    expect(client.era).toBe('legacy');
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('echo');
  });

  test('hundred calls at once, each with its own answer', async () => {
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    const answers = await Promise.all(
      numbers.map(async (number) => (await client.callTool('echo', { message: `number ${number}` })).content),
    );
    expect(answers).toEqual(numbers.map((number) => [{ type: 'text', text: `Echo: number ${number}` }]));
  });

  test('progress', async () => {
    const steps: unknown[] = [];
    const args = { duration: 0.3, steps: 3 };
    await client.callTool('trigger-long-running-operation', args, { onProgress: (step) => steps.push(step) });
    expect(steps.at(-1)).toEqual({ progress: 3, total: 3 });
  });

  test('a question to the model', async () => {
    const { content } = await client.callTool('trigger-sampling-request', { prompt: 'what?', maxTokens: 10 });
    expect(JSON.stringify(content)).toContain('an answer');
  });

  test('a restart of the server is survived by the next call', { timeout: 30_000 }, async () => {
    await everything.restart();
    const { content } = await client.callTool('echo', { message: 'again' });
    expect(content).toEqual([{ type: 'text', text: 'Echo: again' }]);
  });
});
