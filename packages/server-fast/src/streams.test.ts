import { ErrorCode } from '@trunkline/protocol';
import type { Client, Progress } from '@trunkline/session';
import { describe, expect, test } from 'vitest';
import { createServer } from './server.ts';
import { connect } from './testing.ts';
import { ToolError } from './tool-error.ts';

const info = { name: 'test', version: '1.0.0' };
const sum = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } as const;

describe.each(['modern', 'legacy'] as const)('a result in parts, %s', (era) => {
  const open = (server: Parameters<typeof connect>[0]): Promise<Client> => connect(server, { eras: [era] });

  test('parts are the content, and each is reported as it comes', async () => {
    const reported: Progress[] = [];
    let goOn = (): void => {};
    const heard = new Promise<void>((resolve) => (goOn = resolve));
    const server = createServer(info).tool('count', async function* () {
      yield 'one';
      await heard;
      yield { type: 'text', text: 'two' };
      yield [{ type: 'text', text: 'three' }];
    });
    await using client = await open(server);
    const { content } = await client.callTool(
      'count',
      {},
      {
        onProgress: (progress) => {
          reported.push(progress);
          goOn();
        },
      },
    );
    expect(content).toEqual(['one', 'two', 'three'].map((text) => ({ type: 'text', text })));
    expect(reported[0]).toEqual({ progress: 1, message: 'one' });
    expect(reported.at(-1)).toEqual({ progress: 3, message: 'three' });
  });

  test('a generator returns what its schema describes', async () => {
    const server = createServer(info)
      .tool('good', { output: sum }, async function* () {
        yield 'adding';
        return { sum: 3 };
      })
      .tool('bad', { output: sum }, async function* () {
        yield 'adding';
        return { sum: 'x' } as never;
      })
      .tool('whole', async function* () {
        yield 'a';
        return { content: [{ type: 'text', text: 'b' }], isError: true };
      });
    await using client = await open(server);
    const good = await client.callTool('good');
    expect([good.content, good.structuredContent]).toEqual([[{ type: 'text', text: 'adding' }], { sum: 3 }]);
    await expect(client.callTool('bad')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    expect(await client.callTool('whole')).toMatchObject({
      isError: true,
      content: [{ text: 'a' }, { text: 'b' }],
    });
  });

  test('what goes wrong on the way is told or masked, and the stream is closed', async () => {
    const closed: string[] = [];
    const heard: unknown[] = [];
    const server = createServer({ ...info, onError: (error) => heard.push(error) })
      .tool('told', async function* () {
        try {
          yield 'a';
          throw new ToolError('no more');
        } finally {
          closed.push('told');
        }
      })
      .tool('wrong', async function* () {
        try {
          yield 5 as never;
        } finally {
          closed.push('wrong');
        }
      });
    await using client = await open(server);
    expect(await client.callTool('told')).toMatchObject({ isError: true, content: [{ text: 'no more' }] });
    await expect(client.callTool('wrong')).rejects.toMatchObject({ code: ErrorCode.InternalError });
    expect(heard).toMatchObject([{ code: 'bad-result' }]);
    expect(closed).toEqual(['told', 'wrong']);
  });

  test('a client that gives up ends the stream', async () => {
    const giveUp = new AbortController();
    let ended = (): void => {};
    const end = new Promise<void>((resolve) => (ended = resolve));
    const server = createServer(info).tool('endless', async function* (_args, { signal }) {
      try {
        for (;;) {
          yield 'more';
          await new Promise((resolve) => setImmediate(resolve));
        }
      } finally {
        expect(signal.aborted).toBe(true);
        ended();
      }
    });
    await using client = await open(server);
    const call = client.callTool('endless', {}, { signal: giveUp.signal, onProgress: () => giveUp.abort() });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    await end;
  });
});
