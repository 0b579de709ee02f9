import { PassThrough } from 'node:stream';
import type { Acceptor, Transport } from '@trunkline/transport';
import { afterEach, describe, expect, test } from 'vitest';
import { request, within } from './fixtures/harness.ts';
import { startServer, type ServerProcess } from './fixtures/server-process.ts';
import { runStdio, stdio } from './stdio.ts';

const started: ServerProcess[] = [];
afterEach(() => started.splice(0).forEach(({ child }) => child.kill('SIGKILL')));

/** A server that has answered once, so that it listens. */
async function server(...args: string[]): Promise<ServerProcess> {
  const running = await startServer(...args);
  started.push(running);
  running.write(line('first'));
  await running.until(() => running.lines.length === 1);
  return running;
}

function line(id: number | string, method?: string): string {
  return `${JSON.stringify(request(id, method))}\n`;
}

describe('a server process', () => {
  test('F-005: exits with 0 when stdin ends, also in the middle of a line', async () => {
    const { child, write, exited, stderr } = await server('bye');
    write('{"jsonrpc":"2.0","id":1');
    child.stdin?.end();
    expect(await within(exited, 'the exit')).toBe(0);
    expect(stderr()).toBe('bye\n');
  });

  test('answers what runs when stdin ends', async () => {
    const { child, write, exited, lines } = await server();
    write(line(1, 'later') + line(2, 'later'));
    child.stdin?.end();
    expect(await within(exited, 'the exit')).toBe(0);
    expect(lines.slice(1)).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  test('F-004: exits although timers and sockets are open', async () => {
    const { child, exited } = await server('busy');
    child.stdin?.end();
    expect(await within(exited, 'the exit')).toBe(0);
  });

  test('F-004: a handler that hangs is aborted and holds nothing up for long', async () => {
    const { child, write, exited, stderr } = await server('busy');
    write(line(1, 'hang'));
    child.stdin?.end();
    expect(await within(exited, 'the exit', 5000)).toBe(0);
    expect(stderr()).toBe('aborted 1\n');
  });

  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'F-005: on %s answers what runs and exits with 0',
    async (signal) => {
      const { child, write, exited, lines, until } = await server('busy');
      write(line(1, 'later') + line(2));
      await until(() => lines.length === 2);
      child.kill(signal);
      expect(await within(exited, 'the exit')).toBe(0);
      expect(lines.slice(1)).toMatchObject([{ id: 2 }, { id: 1 }]);
    },
  );

  test('F-005: exits with 1 on the second signal', async () => {
    const { child, write, exited, lines, until } = await server();
    write(line(1, 'hang') + line(2));
    await until(() => lines.length === 2);
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await within(exited, 'the exit')).toBe(1);
  });

  test('D017, F-005: a reader that closes the pipe ends it cleanly', async () => {
    const { child, write, exited, stderr } = await server('busy', 'bye');
    child.stdout?.destroy();
    for (let id = 0; id < 100; id += 1) write(line(id));
    expect(await within(exited, 'the exit')).toBe(0);
    expect(stderr()).toBe('bye\n');
  });
});

describe('stdio as a listener', () => {
  const serve: Acceptor = {
    exchange() {},
    async link(transport) {
      await transport.start({
        message(message, exchange) {
          if ('id' in message && 'method' in message && message.method !== 'hang') {
            void exchange.send({ jsonrpc: '2.0', id: message.id, result: {} });
          }
        },
      });
      await transport.closed;
    },
  };

  test('listens, and closes when it is told to', async () => {
    const streams = { input: new PassThrough(), output: new PassThrough().setEncoding('utf8') };
    const signals = process.listenerCount('SIGTERM');
    const listening = await stdio(streams).listen(serve);
    expect(listening.describe).toBe('stdio');
    streams.input.write(line(1));
    await within(new Promise((resolve) => streams.output.once('data', resolve)), 'an answer');
    await within(Promise.all([listening.close(), listening.close()]), 'close');
    await within(listening.closed, 'the end');
    expect(process.listenerCount('SIGTERM')).toBe(signals);
  });

  test('closes when its signal is aborted, and does not begin when it is already', async () => {
    const streams = { input: new PassThrough(), output: new PassThrough() };
    const stop = new AbortController();
    const { closed } = await stdio(streams).listen(serve, { signal: stop.signal });
    stop.abort();
    await within(closed, 'the end');
    await expect(stdio(streams).listen(serve, { signal: stop.signal })).rejects.toBe(stop.signal.reason);
  });

  test('rejects when the streams are taken', async () => {
    const streams = { input: new PassThrough(), output: new PassThrough() };
    const listening = await stdio(streams).listen(serve);
    await expect(stdio(streams).listen(serve)).rejects.toMatchObject({ code: 'misuse' });
    await listening.close();
  });

  test('an acceptor that fails ends the link', async () => {
    const boom = new Error('boom');
    const failing: Acceptor = {
      exchange() {},
      async link(transport: Transport) {
        await transport.start({ message() {} });
        throw boom;
      },
    };
    const listening = await stdio({ input: new PassThrough(), output: new PassThrough() }).listen(failing);
    await expect(within(listening.closed, 'the end')).resolves.toBeUndefined();
  });

  test('runStdio resolves when the peer is gone', async () => {
    const input = new PassThrough();
    const done = runStdio(serve, { input, output: new PassThrough() });
    input.end();
    await expect(within(done, 'the end')).resolves.toBeUndefined();
  });
});
