import { PassThrough } from 'node:stream';
import type { JsonRpcMessage } from '@trunkline/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { recorder, request, within } from './fixtures/harness.ts';
import { startServer, type ServerProcess } from './fixtures/server-process.ts';
import { stdioServer } from './server.ts';

const PING = `${JSON.stringify(request('alive'))}\n`;
const ALIVE = { jsonrpc: '2.0', id: 'alive', result: {} };

const started: ServerProcess[] = [];
afterEach(() => started.splice(0).forEach(({ child }) => child.kill('SIGKILL')));

async function server(...args: string[]): Promise<ServerProcess> {
  const running = await startServer(...args);
  started.push(running);
  return running;
}

describe('framing (badinputs D)', () => {
  test('D001, D002: any chunking gives the same messages', async () => {
    const { write, lines, until } = await server();
    const text = '😀é';
    for (const byte of Buffer.from(`${JSON.stringify(request(1, 'm', { text }))}\n`)) {
      write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    await until(() => lines.length === 1);
    expect(lines).toEqual([{ jsonrpc: '2.0', id: 1, result: { text } }]);
  });

  test('D003: a thousand requests in one write get a thousand answers', async () => {
    const { write, lines, until } = await server();
    write(Array.from({ length: 1000 }, (_, id) => `${JSON.stringify(request(id))}\n`).join(''));
    await until(() => lines.length === 1000);
    expect(new Set(lines.map((line) => (line as { id: number }).id)).size).toBe(1000);
  });

  test('D007, D008: CRLF ends a line, CR alone does not', async () => {
    const { write, lines, until } = await server();
    write(`${JSON.stringify(request(1))}\r\n${JSON.stringify(request(2))}\r`);
    await until(() => lines.length === 1);
    write('\n');
    await until(() => lines.length === 2);
    expect(lines).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  test.each<[string, string | Buffer, unknown[]]>([
    [
      'D009: an embedded newline is two broken lines',
      '{"jsonrpc":"2.0","id":1,\n"method":"ping"}\n',
      [-32700, -32700],
    ],
    ['D010: a header line is noise', `Content-Length: 41\r\n\r\n`, [-32700]],
    [
      'glued messages are one error',
      '{"jsonrpc":"2.0","id":1,"method":"a"}{"jsonrpc":"2.0","id":2,"method":"b"}\n',
      [-32700],
    ],
    ['bytes that are not UTF-8', Buffer.from('7b226964223a22eda080227d0a', 'hex'), [-32700]],
    ['a value that is no message', '42\n', [-32600]],
    ['a byte order mark within the stream', `${PING}\uFEFF${PING}`, ['alive', -32700]],
  ])('%s; the next message is answered', async (_, bytes, expected) => {
    const { write, lines, until } = await server();
    write(bytes);
    write(PING);
    await until(() => lines.length === expected.length + 1);
    expect(lines.at(-1)).toEqual(ALIVE);
    const seen = lines.slice(0, -1).map((line) => {
      const { id, error } = line as { id?: string; error?: { code: number } };
      return error ? error.code : id;
    });
    expect(seen).toEqual(expected);
    expect(lines.filter((line) => 'error' in (line as object) && 'id' in (line as object))).toEqual([]);
  });

  test('SEC-04: an 11 MiB line is skipped and answered, the next message is answered', async () => {
    const { write, lines, until } = await server();
    write(`{"jsonrpc":"2.0","method":"m","params":{"pad":"${'x'.repeat(11 * 1024 * 1024)}"}}\n`);
    write(PING);
    await until(() => lines.length === 2);
    expect(lines).toMatchObject([{ error: { code: -32600 } }, ALIVE]);
  });
});

describe('stdout', () => {
  test('carries messages only: what handlers write goes to stderr, with one notice per place', async () => {
    const { write, lines, until, stderr } = await server();
    for (const id of [1, 2, 3]) write(`${JSON.stringify(request(id, 'log', { text: 'stray' }))}\n`);
    await until(() => lines.length === 3 && stderr().split('"stray"\n').length === 13);
    expect(lines).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3 }]);
    const notices = stderr()
      .split('\n')
      .filter((line) => line.includes('stdout carries MCP messages only'));
    expect(notices).toHaveLength(4);
    for (const notice of notices) expect(notice).toMatch(/strayWrites \(.*echo-server\.ts:\d+:\d+\)/);
  });
});

describe('the streams', () => {
  test('serve one link at a time, and again after it', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const first = stdioServer({ input, output });
    await first.start(recorder());
    await expect(stdioServer({ input, output }).start(recorder())).rejects.toMatchObject({
      code: 'misuse',
      delivery: 'not-sent',
    });
    await first.close();
    const second = stdioServer({ input, output });
    const heard = recorder();
    await second.start(heard);
    input.write(PING);
    await heard.until(() => heard.messages.length === 1);
    await second.close();
    expect([input.destroyed, output.destroyed, output.writableEnded]).toEqual([false, false, false]);
    expect([input, output].map((stream) => stream.listenerCount('error'))).toEqual([0, 0]);
  });

  test('an input that breaks ends the link, not the process', async () => {
    const input = new PassThrough();
    const link = stdioServer({ input, output: new PassThrough() });
    await link.start(recorder());
    input.destroy(new Error('EIO'));
    expect(await within(link.closed, 'the end')).toEqual({ by: 'remote' });
  });

  test('the end of the input lets running requests be answered, and waits for no subscription', async () => {
    const input = new PassThrough();
    const output = new PassThrough().setEncoding('utf8');
    const link = stdioServer({ input, output, graceMs: 60_000 });
    const answers: (() => Promise<void>)[] = [];
    await link.start({
      message(message: JsonRpcMessage, exchange) {
        if ('id' in message && message.id === 1)
          answers.push(() => exchange.send({ jsonrpc: '2.0', id: 1, result: {} }));
      },
    });
    const lines = [request(1), request(2), request(3, 'subscriptions/listen')];
    const cancel = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 2 } };
    input.end([...lines, cancel].map((line) => `${JSON.stringify(line)}\n`).join(''));
    await within(new Promise((resolve) => input.once('end', resolve)), 'the end of the input');
    for (const answer of answers) await answer();
    expect(await within(link.closed, 'the end')).toEqual({ by: 'remote' });
    expect(output.read()).toBe('{"jsonrpc":"2.0","id":1,"result":{}}\n');
  });

  test('the grace ends the wait for what is never answered', async () => {
    const input = new PassThrough();
    const link = stdioServer({ input, output: new PassThrough(), graceMs: 10 });
    const aborted = new Promise<void>((resolve) => {
      const message = (_: JsonRpcMessage, { signal }: { signal: AbortSignal }): void => {
        signal.addEventListener('abort', () => resolve());
      };
      void link.start({ message }).then(() => input.end(`${JSON.stringify(request(1))}\n`));
    });
    await within(aborted, 'the abort');
    expect(await within(link.closed, 'the end')).toEqual({ by: 'remote' });
  });
});
