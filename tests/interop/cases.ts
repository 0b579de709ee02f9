import { setTimeout as wait } from 'node:timers/promises';
import type { Era } from '@trunkline/protocol';
import { expect } from 'vitest';
import type { Hooks, InteropClient, Report } from './clients/client.ts';
import {
  CONTENT,
  DESCRIBED,
  greeting,
  LOUD,
  NOTES,
  PAGE_SIZE,
  PROMPT,
  QUESTION,
  SERVER_INFO,
  TOOLS,
} from './servers/features.ts';

/** An open session between two peers, and how its client side behaves. */
export interface Session {
  readonly client: InteropClient;
  readonly era: Era;
  readonly heard: Heard;
}

/** The client side of a session: what it says when it is asked, and what it heard. */
export class Heard implements Hooks {
  answer: ReturnType<Hooks['elicit']> = { action: 'accept', content: { name: 'Ada' } };
  readonly roots: Hooks['roots'] = [{ uri: 'file:///work', name: 'work' }];
  readonly questions: string[] = [];
  readonly logs: { readonly level: string; readonly data: unknown }[] = [];
  readonly changes: string[] = [];

  elicit(message: string): ReturnType<Hooks['elicit']> {
    this.questions.push(message);
    return this.answer;
  }

  sample(text: string): string {
    return `I think about ${text}.`;
  }

  logged(level: string, data: unknown): void {
    this.logs.push({ level, data });
  }

  changed(what: string): void {
    this.changes.push(what);
  }
}

/** What two peers must be able to do with each other, by name. Each runs on a session that others used before. */
export const CASES: Readonly<Record<string, (session: Session) => Promise<void>>> = {
  'open: the peers know each other': async ({ client, era }) => {
    expect(client.serverName).toBe(SERVER_INFO.name);
    if (client.revision !== undefined) expect(client.revision >= '2026').toBe(era === 'modern');
  },
  'list tools': async ({ client }) => {
    expect((await client.tools()).map(({ name }) => name)).toEqual(expect.arrayContaining([...TOOLS]));
  },
  'what a tool says of itself': async ({ client }) => {
    const tools = new Map((await client.tools()).map((tool) => [tool.name, tool]));
    expect(tools.get('describe')).toMatchObject(DESCRIBED);
    expect(tools.get('add')).toMatchObject({
      inputSchema: { type: 'object', required: ['a', 'b'] },
      outputSchema: { type: 'object', properties: { sum: { type: 'number' } } },
    });
  },
  'list prompts': async ({ client }) => {
    expect(await client.prompts()).toEqual([PROMPT]);
  },
  'list resources, over all pages': async ({ client }) => {
    expect(await client.resources()).toEqual(NOTES.map(({ uri }) => uri));
  },
  'pagination: the first page alone': async ({ client }) => {
    expect(await client.firstPage()).toEqual(NOTES.slice(0, PAGE_SIZE).map(({ uri }) => uri));
  },
  'read a resource': async ({ client }) => {
    for (const { uri, text } of NOTES) expect(await client.read(uri)).toBe(text);
  },
  'fill in a prompt': async ({ client }) => {
    expect(await client.prompt(PROMPT, { name: 'Ada' })).toBe(greeting('Ada'));
  },
  'call a tool': async ({ client }) => {
    expect(await client.call('echo', { text: 'hello' })).toEqual({
      content: [{ type: 'text', text: 'hello' }],
      text: 'hello',
      structured: undefined,
      isError: false,
    });
  },
  'structured output': async ({ client }) => {
    const { structured, text } = await client.call('add', { a: 1.5, b: -0.25 });
    expect(structured).toEqual({ sum: 1.25 });
    expect(JSON.parse(text)).toEqual({ sum: 1.25 });
  },
  'content of every kind': async ({ client }) => {
    expect((await client.call('show')).content).toEqual(CONTENT);
  },
  'a tool that fails in its own way': async ({ client }) => {
    expect(await client.call('fail')).toMatchObject({ isError: true, text: 'it did not work' });
  },
  'arguments that the schema does not allow': async ({ client }) => {
    const { isError, text } = await client.call('add', { a: 'one', b: 2 });
    expect(isError).toBe(true);
    expect(text).toMatch(/\ba\b/);
  },
  'an unknown tool': async ({ client }) => {
    // 1.x says so in a result, the others in an error.
    const answer = await client.call('no-such-tool').catch((error: unknown) => error);
    expect(answer).toMatchObject(
      answer instanceof Error ? { code: -32602 } : { isError: true, text: expect.stringContaining('-32602') },
    );
  },
  'an unknown resource': async ({ client }) => {
    await expect(client.read('note://none')).rejects.toMatchObject({
      code: expect.toSatisfy((code) => code === -32602 || code === -32002),
    });
  },
  'progress of a call that runs': async ({ client }) => {
    const reports: Report[] = [];
    const onProgress = (report: Report): void => {
      reports.push(report);
      if (report.progress === 3) void client.call('go');
    };
    expect((await client.call('count', { count: 3 }, { onProgress })).text).toBe('counted');
    expect(reports).toEqual(
      [1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })),
    );
  },
  'progress that arrives with the answer': async ({ client }) => {
    const steps: number[] = [];
    await client.call('burst', { count: 5 }, { onProgress: ({ progress }) => steps.push(progress) });
    expect(steps).toEqual([1, 2, 3, 4, 5]);
  },
  'a cancelled call rejects, and its handler is told': async ({ client }) => {
    const stop = new AbortController();
    const call = client.call(
      'hang',
      {},
      { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) },
    );
    await expect(call).rejects.toThrow('enough');
    expect((await client.call('stopped')).text).toBe('stopped');
  },
  'elicitation: accepted': async ({ client, heard }) => {
    heard.answer = { action: 'accept', content: { name: 'Grace' } };
    expect((await client.call('ask')).text).toBe('Hello Grace');
    expect(heard.questions.at(-1)).toBe(QUESTION);
  },
  'elicitation: declined': async ({ client, heard }) => {
    heard.answer = { action: 'decline' };
    expect((await client.call('ask')).text).toBe('decline');
  },
  'elicitation: cancelled': async ({ client, heard }) => {
    heard.answer = { action: 'cancel' };
    expect((await client.call('ask')).text).toBe('cancel');
  },
  'elicitation: twice in one call': async ({ client, heard }) => {
    heard.answer = { action: 'accept', content: { name: 'Ada' } };
    expect((await client.call('ask-twice')).text).toBe('Ada and Ada');
    expect(heard.questions.slice(-2)).toEqual([`${QUESTION} (1)`, `${QUESTION} (2)`]);
  },
  sampling: async ({ client }) => {
    expect((await client.call('think', { text: 'trunks' })).text).toBe('I think about trunks.');
  },
  roots: async ({ client }) => {
    expect((await client.call('roots')).text).toBe('file:///work');
  },
  'logging from the level that was asked for': async ({ client, heard }) => {
    await client.setLogLevel('warning');
    await client.call('talk');
    await until(() => heard.logs.length > 0);
    expect(heard.logs).toEqual([LOUD]);
  },
  'changes of a list and of a resource': async ({ client, heard }) => {
    const [, { uri } = { uri: '' }] = NOTES;
    await client.follow(uri);
    await client.call('grow');
    await until(() => heard.changes.includes('tools'));
    expect((await client.tools()).map(({ name }) => name)).toContain('grown');
    await client.call('touch', { uri });
    await until(() => heard.changes.includes(uri));
  },
  'unicode of every kind': async ({ client }) => {
    for (const text of TEXTS) expect((await client.call('echo', { text })).text).toBe(text);
  },
  'an argument of 271,828 characters': async ({ client }) => {
    expect((await client.call('measure', { text: 'e'.repeat(271_828) })).text).toBe('271828');
  },
  'a result of 314,159 characters': async ({ client }) => {
    const { text } = await client.call('repeat', { count: 314_159 });
    expect(text.length).toBe(314_159);
    expect(text).toMatch(/^x+$/);
  },
  'a hundred calls at once, each with its own answer': async ({ client }) => {
    const calls = Array.from({ length: 100 }, (_, a) => client.call('add', { a, b: 1000 }));
    const sums = (await Promise.all(calls)).map(({ structured }) => structured);
    expect(sums).toEqual(calls.map((_, a) => ({ sum: a + 1000 })));
  },
};

const TEXTS = [
  'tab\t, newline\n, return\r, quote ", backslash \\, null \0, escape \u001B',
  'line \u2028 and paragraph \u2029 separators',
  'Grüße, 你好, שלום, नमस्ते, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢, 🏳️‍🌈, e\u0301',
  'a byte order mark \uFEFF inside',
  '{"jsonrpc":"2.0","id":1,"result":{}}',
  '',
];

/** Waits for something that is reported without being asked for. */
async function until(happened: () => boolean): Promise<void> {
  for (const since = performance.now(); !happened(); await wait(5)) {
    if (performance.now() - since > 2000) throw new Error('it did not happen within 2 s');
  }
}
