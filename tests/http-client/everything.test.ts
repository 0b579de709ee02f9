import { connect, type Client } from '@trunkline/session';
import type { CallToolResult, ElicitRequestParams } from '@trunkline/protocol';
import { httpClient } from '@trunkline/transport-http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rejection, within } from '../src/within.ts';
import { startEverything, type Everything } from './everything-process.ts';

let everything: Everything;
let client: Client;
const asked: ElicitRequestParams[] = [];
const logs: unknown[] = [];

beforeAll(async () => {
  everything = await startEverything();
  const reconnect = { initialDelay: 50, maxDelay: 100, attempts: 1_000 };
  client = await connect(httpClient(everything.url, { reconnect }), {
    onElicit: (params) => {
      asked.push(params);
      return { action: 'accept', content: { name: 'Ada', check: true, integer: 42 } };
    },
    onSample: ({ messages }) => ({
      role: 'assistant',
      model: 'none',
      content: { type: 'text', text: `answer to ${JSON.stringify(messages)}` },
    }),
    roots: () => [{ uri: 'file:///work', name: 'work' }],
    onLog: ({ data }) => logs.push(data),
  });
}, 30_000);

afterAll(async () => {
  await client?.close();
  await everything?.[Symbol.asyncDispose]();
});

const LONG = 'trigger-long-running-operation';

function textOf({ content }: CallToolResult): string {
  return content.map((block) => (block.type === 'text' ? block.text : '')).join('\n');
}

async function echo(message: string): Promise<string> {
  return textOf(await client.callTool('echo', { message }));
}

describe('@modelcontextprotocol/server-everything over HTTP', () => {
  test('is a legacy server, found out without being told', () => {
    expect(client.era).toBe('legacy');
    expect(client.serverInfo?.name).toBe('mcp-servers/everything');
  });

  test('empty call', async () => {
    const { content } = await client.callTool('get-tiny-image');
    expect(content.find(({ type }) => type === 'image')).toMatchObject({ mimeType: 'image/png' });
  });

  test('argument of 271,828 bytes', async () => {
    const text = 'x'.repeat(271_828);
    expect(await echo(text)).toBe(`Echo: ${text}`);
  });

  test('result of 314,159 bytes', async () => {
    const prefix = 'Echo: ';
    expect(await echo('y'.repeat(314_159 - prefix.length))).toHaveLength(314_159);
  });

  test.each([
    'Gr\u00fc\u00dfe, \u4f60\u597d, \ud83c\udff3\ufe0f\u200d\ud83c\udf08',
    'line \u2028 paragraph \u2029',
    'NUL \u0000, escape \u001b',
    '\ufeffmark',
    'data: x\r\n\r\nevent: y\n\n',
  ])('unicode: %j', async (text) => {
    expect(await echo(text)).toBe(`Echo: ${text}`);
  });

  test('100 concurrent calls, each with its own answer', async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, number) => echo(`number ${number}`)));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, number) => `Echo: number ${number}`));
  });

  test('structured result', async () => {
    const { structuredContent } = await client.callTool('get-structured-content', { location: 'Chicago' });
    expect(structuredContent).toMatchObject({ temperature: expect.any(Number) });
  });

  test('progress', async () => {
    const steps: unknown[] = [];
    await client.callTool(LONG, { duration: 0.3, steps: 3 }, { onProgress: (report) => steps.push(report) });
    expect(steps.at(-1)).toEqual({ progress: 3, total: 3 });
  });

  test('cancel', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const call = client.callTool(
      LONG,
      { duration: 30, steps: 300 },
      { signal: stop.signal, onProgress: () => stop.abort(reason) },
    );
    expect(await rejection(call, 'the call')).toBe(reason);
    expect(await echo('after')).toBe('Echo: after');
  });

  test('timeout', async () => {
    const call = client.callTool(LONG, { duration: 30, steps: 1 }, { timeout: 50 });
    expect(await rejection(call, 'the call')).toMatchObject({ code: 'timed-out', delivery: 'unknown' });
  });

  test('error: an unknown tool', async () => {
    expect(await client.callTool('no-such-tool')).toMatchObject({ isError: true });
  });

  test('error: an unknown resource', async () => {
    expect(await rejection(client.readResource('demo://nothing'), 'the reading')).toMatchObject({
      code: -32602,
    });
  });

  test('error: an unknown method', async () => {
    expect(await rejection(client.request('no/such/method'), 'the request')).toMatchObject({ code: -32601 });
  });

  test('pagination: everything there is, in one page or many', async () => {
    const { resources } = await client.listResources();
    expect(new Set(resources.map(({ uri }) => uri)).size).toBe(resources.length);
    expect(resources.length).toBeGreaterThan(0);
    expect((await client.listPrompts()).prompts.map(({ name }) => name)).toContain('simple-prompt');
    expect((await client.listResourceTemplates()).resourceTemplates.length).toBeGreaterThan(0);
  });

  test('prompt with arguments, and a completion for one', async () => {
    const { messages } = await client.getPrompt('args-prompt', { city: 'Paris' });
    expect(JSON.stringify(messages)).toContain('Paris');
    const { completion } = await client.complete({
      ref: { type: 'ref/prompt', name: 'completable-prompt' },
      argument: { name: 'department', value: 'E' },
    });
    expect(completion.values).toContain('Engineering');
  });

  test('elicitation', async () => {
    expect(textOf(await client.callTool('trigger-elicitation-request'))).toContain('Ada');
    expect(asked).toHaveLength(1);
  });

  test('sampling', async () => {
    expect(textOf(await client.callTool('trigger-sampling-request', { prompt: 'trunks' }))).toContain(
      'trunks',
    );
  });

  test('roots', async () => {
    expect(textOf(await client.callTool('get-roots-list'))).toContain('file:///work');
  });

  test('log messages of the stream on which the server speaks first', async () => {
    await client.setLoggingLevel('debug');
    await client.subscribeResource('demo://resource/dynamic/text/1');
    expect(await echo('between')).toBe('Echo: between');
    await client.unsubscribeResource('demo://resource/dynamic/text/1');
    expect(JSON.stringify(logs)).toContain('demo://resource/dynamic/text/1');
  });

  test('subscription', { timeout: 15_000 }, async () => {
    const uri = 'demo://resource/dynamic/text/1';
    await using listening = await client.listen({ resourceSubscriptions: [uri] });
    await client.callTool('toggle-subscriber-updates');
    for await (const change of listening) {
      expect(change).toEqual({ kind: 'resource', uri });
      break;
    }
    await client.callTool('toggle-subscriber-updates');
  });

  // Last: whatever the session knew is gone after it.
  test(
    'restart of the server: a new session, and the call is made in it (F-007)',
    { timeout: 30_000 },
    async () => {
      const lost = client.callTool(LONG, { duration: 30, steps: 1 });
      lost.catch(() => {});
      await within(echo('before'), () => 'a call before the restart');
      await everything.restart();
      expect(await rejection(lost, 'the call under way')).toMatchObject({
        code: 'link-lost',
        delivery: 'unknown',
      });
      expect(await echo('again')).toBe('Echo: again');
    },
  );
});
