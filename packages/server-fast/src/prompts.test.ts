import { ErrorCode } from '@trunkline/protocol';
import type { Client } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createServer } from './server.ts';
import { connect } from './testing.ts';

const info = { name: 'test', version: '1.0.0' };

describe.each(['modern', 'legacy'] as const)('prompts, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });

  test('a prompt is listed with its arguments and filled in', async () => {
    const server = createServer(info).prompt(
      'review',
      {
        title: 'Review',
        description: 'Reviews code.',
        arguments: z.object({
          code: z.string().describe('What to review'),
          depth: z.coerce.number().default(1),
        }),
      },
      ({ code, depth }) => `Review ${code} ${depth} times`,
    );
    await using client = await open(server);
    expect((await client.listPrompts()).prompts).toEqual([
      {
        name: 'review',
        title: 'Review',
        description: 'Reviews code.',
        arguments: [{ name: 'code', description: 'What to review', required: true }, { name: 'depth' }],
      },
    ]);
    const { description, messages } = await client.getPrompt('review', { code: 'x()', depth: '3' });
    expect(description).toBe('Reviews code.');
    expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Review x() 3 times' } }]);
  });

  test('the result may be a text, a block, messages or whole, at once or later', async () => {
    const answer = { role: 'assistant', content: { type: 'text', text: 'ok' } } as const;
    const block = { type: 'text', text: 'block' } as const;
    const server = createServer(info)
      .prompt('text', async () => 'hi')
      .prompt('block', () => block)
      .prompt('message', () => answer)
      .prompt('messages', () => [answer, answer])
      .prompt('whole', () => ({ description: 'd', messages: [answer] }));
    await using client = await open(server);
    const messages = async (name: string) => (await client.getPrompt(name)).messages;
    expect(await messages('text')).toEqual([{ role: 'user', content: { type: 'text', text: 'hi' } }]);
    expect(await messages('block')).toEqual([{ role: 'user', content: block }]);
    expect(await messages('message')).toEqual([answer]);
    expect(await messages('messages')).toEqual([answer, answer]);
    expect(await client.getPrompt('whole')).toMatchObject({ description: 'd', messages: [answer] });
  });

  test('wrong arguments and unknown names are errors of the request that say what was expected', async () => {
    const server = createServer(info)
      .prompt('p', { arguments: z.object({ topic: z.string() }) }, ({ topic }) => topic)
      .prompt(
        'json',
        { arguments: { type: 'object', properties: { n: { type: 'string' } }, required: ['n'] } },
        ({ n }) => n,
      );
    await using client = await open(server);
    await expect(client.getPrompt('p')).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
      reason: expect.stringMatching(/^Invalid arguments for prompt p:\n- topic: /),
    });
    await expect(client.getPrompt('json')).rejects.toThrow('required property "n"');
    await expect(client.getPrompt('constructor')).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
      reason: 'Unknown prompt: constructor',
    });
    await expect(client.request('prompts/get', { name: 'p', arguments: [] })).rejects.toMatchObject({
      code: ErrorCode.InvalidParams,
    });
    expect((await client.getPrompt('p', { topic: 'x' })).messages).toHaveLength(1);
  });

  test('a handler that fails or yields something else is masked', async () => {
    const heard: unknown[] = [];
    const server = createServer({ ...info, onError: (error) => heard.push(error) })
      .prompt('throws', () => {
        throw new Error('secret');
      })
      .prompt('number', () => 5 as never);
    await using client = await open(server);
    for (const name of ['throws', 'number'])
      await expect(client.getPrompt(name)).rejects.toMatchObject({
        code: ErrorCode.InternalError,
        reason: 'Internal error',
      });
    expect(heard).toHaveLength(2);
  });
});
