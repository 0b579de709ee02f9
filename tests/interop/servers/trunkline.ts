import { createServer, serve, ToolError, type FastServer } from '@trunkline/server-fast';
import { stdio } from '@trunkline/transport-stdio';
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

const TEXT = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] } as const;
const URI = { type: 'object', properties: { uri: { type: 'string' } }, required: ['uri'] } as const;
const COUNT = { type: 'object', properties: { count: { type: 'integer' } }, required: ['count'] } as const;
const NUMBERS = {
  type: 'object',
  properties: { a: { type: 'number' }, b: { type: 'number' } },
  required: ['a', 'b'],
} as const;
const SUM = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } as const;
const GREETED = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] } as const;

/** The server of these tests, made with Trunkline. */
export function trunklineServer(): FastServer {
  const waiting = new Waiting();
  const server = createServer({ ...SERVER_INFO, pageSize: PAGE_SIZE, capabilities: { logging: {} } });
  for (const { name, uri, text } of NOTES) server.resource(name, uri, () => text);
  server
    .prompt(PROMPT, { arguments: GREETED }, ({ name }) => greeting(name))
    .tool('echo', { input: TEXT }, ({ text }) => text)
    .tool('add', { input: NUMBERS, output: SUM }, ({ a, b }) => ({ sum: a + b }))
    .tool('fail', () => {
      throw new ToolError('it did not work');
    })
    .tool('measure', { input: TEXT }, ({ text }) => String(text.length))
    .tool('repeat', { input: COUNT }, ({ count }) => 'x'.repeat(count))
    .tool('describe', DESCRIBED, () => 'described')
    .tool('show', () => CONTENT)
    .tool('count', { input: COUNT }, async ({ count }, context) => {
      for (let step = 1; step <= count; step++) await context.progress(step, count, `step ${step}`);
      await waiting.untilGo();
      return 'counted';
    })
    .tool('go', () => {
      waiting.go();
      return 'going';
    })
    .tool('burst', { input: COUNT }, async ({ count }, context) => {
      for (let step = 1; step <= count; step++) await context.progress(step, count);
      return 'counted';
    })
    .tool('hang', async (_args, context) => {
      await context.progress(1);
      return waiting.hang(context.signal);
    })
    .tool('stopped', async () => {
      await waiting.stopped();
      return 'stopped';
    })
    .tool('ask', async (_args, { ask }) => {
      const answer = await ask.elicit({ message: QUESTION, requestedSchema: NAME_SCHEMA });
      return answer.action === 'accept' ? `Hello ${String(answer.content?.['name'])}` : answer.action;
    })
    .tool('ask-twice', async (_args, { ask }) => {
      const first = await ask.elicit({ message: `${QUESTION} (1)`, requestedSchema: NAME_SCHEMA });
      const second = await ask.elicit({ message: `${QUESTION} (2)`, requestedSchema: NAME_SCHEMA });
      return [first, second].map(({ content }) => String(content?.['name'])).join(' and ');
    })
    .tool('think', { input: TEXT }, async ({ text }, { ask }) => {
      const messages = [{ role: 'user' as const, content: { type: 'text' as const, text } }];
      const { content } = await ask.sample({ messages, maxTokens: 100 });
      return 'text' in content && typeof content.text === 'string' ? content.text : 'no text';
    })
    .tool('roots', async (_args, { ask }) => (await ask.roots()).roots.map(({ uri }) => uri).join())
    .tool('talk', async (_args, context) => {
      await context.log(QUIET.level, QUIET.data);
      await context.log(LOUD.level, LOUD.data);
      return 'said';
    })
    .tool('grow', () => {
      if (!server.tools.has('grown')) server.tool('grown', () => 'big');
      return 'grown';
    })
    .tool('touch', { input: URI }, ({ uri }) => {
      server.resourceUpdated(uri);
      return 'touched';
    });
  return server;
}

if (import.meta.main) await serve(trunklineServer(), stdio());
