import { ErrorCode, type ElicitRequestParams, type ElicitResult, type JsonObject } from '@trunkline/protocol';
import type { Client, ClientOptions } from '@trunkline/session';
import { memoryStore, type Store } from '@trunkline/store';
import { describe, expect, test } from 'vitest';
import { createServer, type FastServer } from './server.ts';
import type { FastServerOptions } from './server-options.ts';
import { connect } from './testing.ts';
import { ToolError } from './tool-error.ts';

const info = { name: 'test', version: '1.0.0' };
const question = (message: string): ElicitRequestParams => ({
  message,
  requestedSchema: { type: 'object', properties: { answer: { type: 'string' } } },
});
const accept = (answer: string): ElicitResult => ({ action: 'accept', content: { answer } });
const keys = [new Uint8Array(32).fill(7)];

describe.each(['modern', 'legacy'] as const)('a handler that asks, %s', (era) => {
  const open = (server: FastServer, options: ClientOptions = {}): Promise<Client> =>
    connect(server, { eras: [era], onElicit: ({ message }) => accept(message.toUpperCase()), ...options });
  const text = async (client: Client, tool: string): Promise<string | undefined> => {
    const [block] = (await client.callTool(tool)).content;
    return block?.type === 'text' ? block.text : undefined;
  };

  test('asks several questions in a row, and pays once', async () => {
    let paid = 0;
    const server = createServer(info).tool('t', async (_args, { ask, once }) => {
      const first = await ask.elicit(question('a'));
      const receipt = await once('pay', () => `paid ${(paid += 1)}`);
      const second = await ask.elicit(question('b'));
      const third = await ask.elicit(question('b'));
      return [first, second, third].map(({ content }) => content?.['answer']).join('') + ` ${receipt}`;
    });
    await using client = await open(server);
    expect(await text(client, 't')).toBe('ABB paid 1');
    expect(paid).toBe(1);
  });

  test('asks several questions at once', async () => {
    const server = createServer(info).tool('t', async (_args, { ask }) => {
      const answers = await Promise.all(['a', 'b', 'c'].map((message) => ask.elicit(question(message))));
      return answers.map(({ content }) => content?.['answer']).join('');
    });
    let open_ = 0;
    let most = 0;
    await using client = await open(server, {
      onElicit: async ({ message }) => {
        most = Math.max(most, (open_ += 1));
        await new Promise((resolve) => setImmediate(resolve));
        open_ -= 1;
        return accept(message);
      },
    });
    expect(await text(client, 't')).toBe('abc');
    expect(most).toBe(3);
  });

  test('catches everything, and is suspended all the same', async () => {
    const server = createServer(info).tool('t', async (_args, { ask }) => {
      try {
        const { content } = await ask.elicit(question('a'));
        return String(content?.['answer']);
      } catch {
        return 'caught';
      }
    });
    await using client = await open(server);
    expect(await text(client, 't')).toBe('A');
  });

  test.each(['decline', 'cancel'] as const)('hears that the user chose to %s', async (action) => {
    const server = createServer(info).tool('t', async (_args, { ask }) => {
      const answer = await ask.elicit(question('a'));
      if (answer.action !== 'accept') throw new ToolError(`not without you: ${answer.action}`);
      return 'x';
    });
    await using client = await open(server, { onElicit: () => ({ action }) });
    expect(await client.callTool('t')).toMatchObject({
      isError: true,
      content: [{ text: `not without you: ${action}` }],
    });
  });

  test('returns what it needs to know instead of asking', async () => {
    const server = createServer(info).tool('t', (_args, context) => {
      const answer = context.inputResponses?.['name'] as ElicitResult | undefined;
      if (answer) return `${String(answer.content?.['answer'])} ${context.requestState}`;
      return {
        resultType: 'input_required',
        requestState: 'remembered',
        inputRequests: { name: { method: 'elicitation/create', params: { mode: 'form', ...question('a') } } },
      };
    });
    await using client = await open(server);
    expect(await text(client, 't')).toBe('A remembered');
  });

  test('asks while it reads a resource and fills in a prompt', async () => {
    const answer = async ({
      ask,
    }: {
      ask: { elicit: (params: ElicitRequestParams) => Promise<ElicitResult> };
    }) => String((await ask.elicit(question('a'))).content?.['answer']);
    const server = createServer(info)
      .resource('r', 'test://r', (_uri, context) => answer(context))
      .resourceTemplate('s', 'test://s/{id}', (_variables, context) => answer(context))
      .prompt('p', (_args, context) => answer(context));
    await using client = await open(server);
    expect((await client.readResource('test://r')).contents).toMatchObject([{ text: 'A' }]);
    expect((await client.readResource('test://s/1')).contents).toMatchObject([{ text: 'A' }]);
    expect((await client.getPrompt('p')).messages).toMatchObject([{ content: { text: 'A' } }]);
  });
});

describe('the state of a suspended call', () => {
  const asking = (options: Partial<FastServerOptions> = {}): FastServer =>
    createServer({ ...info, requestState: { keys }, ...options })
      .tool('t', async (_args, { ask, once }) => {
        await once('big', () => 'x'.repeat(100_000));
        const { content } = await ask.elicit(question('a'));
        return String(content?.['answer']);
      })
      .tool('small', async (_args, { ask }) => String((await ask.elicit(question('a'))).content?.['answer']))
      .tool('other', async (_args, { ask }) => (await ask.elicit(question('a'))).action);
  /** Calls by hand; gives the round to be answered. */
  const begin = async (
    server: FastServer,
    name: string,
  ): Promise<{ client: Client; state: string; key: string }> => {
    const client = await connect(server, { eras: ['modern'], onElicit: () => accept('x') });
    const round = await client.request('tools/call', { name }, { inputRequired: 'return' });
    const [key = ''] = Object.keys(round['inputRequests'] as JsonObject);
    return { client, state: round['requestState'] as string, key };
  };
  const retry = (client: Client, name: string, state: string, key: string): Promise<JsonObject> =>
    client.request('tools/call', {
      name,
      requestState: state,
      inputResponses: { [key]: accept('yes') as unknown as JsonObject },
    });
  const sharing = (store: Store): [FastServer, FastServer] => [asking({ store }), asking({ store })];

  test.each(['small', 't'])(
    'is continued by another process with the same key and store: %s',
    async (tool) => {
      const [one, other] = sharing(memoryStore());
      const { client, state, key } = await begin(one, tool);
      await client.close();
      expect(state.length).toBeLessThan(32 * 1024);
      await using next = await connect(other, { eras: ['modern'], onElicit: () => accept('x') });
      expect(await retry(next, tool, state, key)).toMatchObject({ content: [{ text: 'yes' }] });
    },
  );

  test.each(['small', 't'])('is good once, whichever process it comes to: %s', async (tool) => {
    const [one, other] = sharing(memoryStore());
    const { client, state, key } = await begin(one, tool);
    await using again = await connect(other, { eras: ['modern'], onElicit: () => accept('x') });
    const outcomes = await Promise.allSettled([
      retry(client, tool, state, key),
      retry(again, tool, state, key),
      retry(client, tool, state, key),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason).toMatchObject({
          code: ErrorCode.InvalidParams,
          message: expect.stringContaining('was used before'),
        });
    await client.close();
  });

  test.each(['small', 't'])(
    'is worth nothing when it was tampered with or is of another call: %s',
    async (tool) => {
      const server = asking();
      const { client, state, key } = await begin(server, tool);
      const at = state.length - 3;
      const tampered = state.slice(0, at) + (state[at] === 'A' ? 'B' : 'A') + state.slice(at + 1);
      for (const [name, wrong] of [
        [tool, tampered],
        ['other', state],
        [tool, 'handle.other'],
        [tool, ''],
      ] as const)
        await expect(retry(client, name, wrong, key)).rejects.toMatchObject({
          code: ErrorCode.InvalidParams,
        });
      expect(await retry(client, tool, state, key)).toMatchObject({ content: [{ text: 'yes' }] });
      await client.close();
    },
  );

  test.each(['small', 't'])('expires: %s', async (tool) => {
    const clock = { shift: 0 };
    const { systemClock } = await import('@trunkline/session');
    const server = asking({ clock: { ...systemClock, wall: () => systemClock.wall() + clock.shift } });
    const { client, state, key } = await begin(server, tool);
    clock.shift = 601_000;
    await expect(retry(client, tool, state, key)).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
      message: expect.stringContaining('has expired'),
    });
    await client.close();
  });

  test('is worth nothing to a process with another key', async () => {
    const store = memoryStore();
    const { client, state, key } = await begin(asking({ store }), 'small');
    await client.close();
    const stranger = asking({ store, requestState: { keys: [new Uint8Array(32).fill(8)] } });
    await using other = await connect(stranger, { eras: ['modern'] });
    await expect(retry(other, 'small', state, key)).rejects.toMatchObject({ code: ErrorCode.InvalidParams });
  });
});
