import { isTransportError } from '@trunkline/transport';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  ECHO,
  fixture,
  lineServer,
  recorder,
  request,
  running,
  script,
  within,
  zombies,
  type Recorder,
} from './fixtures/harness.ts';
import { stdioClient, type StdioTransport } from './client.ts';
import type { StdioClientOptions, StdioServerParameters } from './parameters.ts';
import { exitOf } from './process-exit.ts';

const open: StdioTransport[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((link) => link.close()));
});

interface Dialled {
  readonly link: StdioTransport;
  readonly heard: Recorder;
  readonly pid: number;
}

async function dial(parameters: StdioServerParameters, options: StdioClientOptions = {}): Promise<Dialled> {
  const link = stdioClient(parameters, options)();
  open.push(link);
  const heard = recorder();
  await link.start(heard);
  return { link, heard, pid: link.process.pid ?? 0 };
}

const SAY_READY = `process.stdout.write(JSON.stringify({ jsonrpc: '2.0', method: 'ready' }) + '\\n');`;

async function ready(parameters: StdioServerParameters, options?: StdioClientOptions): Promise<Dialled> {
  const dialled = await dial(parameters, options);
  await dialled.heard.until(() => dialled.heard.messages.length > 0);
  return dialled;
}

describe('F-001: a child that is killed', () => {
  test('idle: the link ends with `exited`, signal and stderr', async () => {
    const { link, pid } = await ready(
      script(`process.stderr.write('last words\\n', () => {${SAY_READY}}); setInterval(() => {}, 1000)`),
    );
    process.kill(pid, 'SIGKILL');
    const { by, cause } = await within(link.closed, 'the end');
    expect([by, isTransportError(cause) && cause.code]).toEqual(['remote', 'exited']);
    expect(exitOf(cause)).toEqual({
      command: process.execPath,
      code: null,
      signal: 'SIGKILL',
      ended: 'by-itself',
      output: 'last words\n',
    });
    expect(cause?.message).toContain('SIGKILL');
    expect(cause?.message).toContain('last words');
  });

  test('right after it was started', async () => {
    const { link, pid } = await dial(script('setInterval(() => {}, 1000)'));
    process.kill(pid, 'SIGKILL');
    expect(exitOf((await within(link.closed, 'the end')).cause)?.signal).toBe('SIGKILL');
  });

  test('with 100 requests in flight: later sends reject, the signal of exchanges is aborted', async () => {
    const { link, heard, pid } = await ready(script(`${SAY_READY} process.stdin.resume()`));
    for (let id = 0; id < 100; id += 1) await link.send(request(id));
    process.kill(pid, 'SIGKILL');
    await within(link.closed, 'the end');
    const error: unknown = await link.send(request(100)).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'closed', delivery: 'not-sent' });
    expect(exitOf(error)?.signal).toBe('SIGKILL');
    expect(heard.messages).toHaveLength(1);
  });
});

describe('F-002: a child that ends in the middle of things', () => {
  test('half a line is a fault, what came before it is delivered', async () => {
    const { link, heard } = await dial(
      script(
        `process.stdout.write('{"jsonrpc":"2.0","method":"whole"}\\n{"jsonrpc":"2.', () => process.exit(0))`,
      ),
    );
    const { cause } = await within(link.closed, 'the end');
    expect(exitOf(cause)).toMatchObject({ code: 0, signal: null });
    expect(heard.messages).toMatchObject([{ method: 'whole' }]);
    expect(heard.faults.map(({ code }) => code)).toEqual(['malformed']);
  });

  test('while we write 8 MiB: the send settles', async () => {
    const { link, pid } = await ready(script(`${SAY_READY} setInterval(() => {}, 1000)`));
    const sent = link.send({ jsonrpc: '2.0', method: 'big', params: { pad: 'x'.repeat(8 * 1024 * 1024) } });
    const outcome = sent.then(
      () => 'sent',
      (error: { code: string; delivery: string }) => error,
    );
    process.kill(pid, 'SIGKILL');
    expect(await within(outcome, 'send to settle')).toMatchObject({ code: 'closed', delivery: 'unknown' });
    expect(exitOf((await within(link.closed, 'the end')).cause)?.signal).toBe('SIGKILL');
  });

  test('closing stdout and living on ends the link, then the process', async () => {
    const { link, pid } = await dial(
      script(`require('fs').closeSync(1); process.stdin.on('end', () => process.exit(7)).resume();`),
    );
    const { by, cause } = await within(link.closed, 'the end');
    expect([by, isTransportError(cause) && cause.code, exitOf(cause)]).toEqual([
      'remote',
      'closed',
      undefined,
    ]);
    expect(cause?.message).toContain('closed its stdout');
    await within(link.close(), 'close');
    expect(running(pid)).toEqual([]);
    expect(link.process.exit).toMatchObject({ code: 7, ended: 'stdin-closed' });
  });

  test('closing stdin only: sends reject and the link ends', async () => {
    const { link } = await ready(
      script(`require('fs').closeSync(0); ${SAY_READY} setInterval(() => {}, 1000)`),
      { stop: { stdinMs: 50 } },
    );
    const big = link.send({ jsonrpc: '2.0', method: 'big', params: { pad: 'x'.repeat(2 * 1024 * 1024) } });
    await expect(within(big, 'send to settle')).rejects.toMatchObject({
      code: 'closed',
      delivery: 'unknown',
    });
    await expect(link.send(request(2))).rejects.toMatchObject({ delivery: 'not-sent' });
    const { cause } = await within(link.closed, 'the end');
    expect(cause?.message).toContain('closed its stdin');
  });

  test('its last messages are delivered although the reader was paused', async () => {
    const many = `for (let i = 0; i < 50; i += 1) process.stdout.write('{"jsonrpc":"2.0","method":"n' + i + '"}\\n');`;
    const link = stdioClient(script(many))();
    open.push(link);
    const seen: unknown[] = [];
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    await link.start({
      message(message) {
        seen.push('method' in message && message.method);
        return gate;
      },
    });
    await vi.waitFor(() => expect(link.process.exit).toBeDefined(), 2000);
    release();
    await within(link.closed, 'the end');
    expect(seen).toEqual(Array.from({ length: 50 }, (_, i) => `n${i}`));
  });
});

describe('F-003: stopping', () => {
  test('a server that heeds the end of stdin exits by it', async () => {
    const { link, pid } = await ready(
      script(`${SAY_READY} process.stdin.on('end', () => process.exit(5)).resume()`),
    );
    await within(link.close(), 'close');
    expect(link.process.exit).toMatchObject({ code: 5, ended: 'stdin-closed' });
    expect(running(pid)).toEqual([]);
    expect(await link.closed).toEqual({ by: 'local' });
  });

  test('what was sent just before is still read', async () => {
    const { link } = await dial(
      script(
        `${lineServer('({ method }) => process.stderr.write(method)')}; process.stdin.on('end', () => process.exit(0))`,
      ),
    );
    await link.send({ jsonrpc: '2.0', method: 'farewell' });
    await within(link.close(), 'close');
    expect(link.process.exit?.output).toBe('farewell');
  });

  test('a server that ignores the end of stdin gets SIGTERM', async () => {
    const { link } = await ready(script(`setInterval(() => {}, 1000); ${SAY_READY}`), {
      stop: { stdinMs: 50 },
    });
    await within(link.close(), 'close');
    expect(link.process.exit).toMatchObject({ signal: 'SIGTERM', ended: 'SIGTERM' });
  });

  test('a server that ignores SIGTERM too gets SIGKILL', async () => {
    const deaf = script(`process.on('SIGTERM', () => {}); setInterval(() => {}, 1000); ${SAY_READY}`);
    const { link } = await ready(deaf, { stop: { stdinMs: 50, termMs: 50 } });
    await within(link.close(), 'close');
    expect(link.process.exit).toMatchObject({ signal: 'SIGKILL', ended: 'SIGKILL' });
  });

  test('a server blocked on a full stdout is drained, so that it can end', async () => {
    const full = `process.stdin.on('end', () => process.exit(0)).resume(); const pad = 'x'.repeat(1000); ${SAY_READY} for (let i = 0; i < 4000; i += 1) process.stdout.write('{"jsonrpc":"2.0","method":"' + pad + '"}\\n');`;
    const link = stdioClient(script(full))();
    open.push(link);
    await link.start({ message: () => new Promise(() => {}) });
    await within(link.close(), 'close');
    expect(link.process.exit).toMatchObject({ code: 0, ended: 'stdin-closed' });
  });

  test.each(['', 'deaf'])('a launcher takes its grandchildren along %s', async (mood) => {
    const { link, heard, pid } = await dial(fixture('family.mjs', '0', mood), {
      stop: { stdinMs: 200, termMs: 200 },
    });
    await heard.until(() => heard.messages.length === 3);
    expect(running(pid)).toHaveLength(3);
    await within(link.close(), 'close', 3000);
    expect(running(pid)).toEqual([]);
  });

  test('grandchildren go even when the launcher dies first', async () => {
    const { link, heard, pid } = await dial(fixture('family.mjs', '0', 'deaf'), {
      stop: { stdinMs: 50, termMs: 50 },
    });
    await heard.until(() => heard.messages.length === 3);
    process.kill(pid, 'SIGKILL');
    expect(exitOf((await within(link.closed, 'the end')).cause)?.signal).toBe('SIGKILL');
    await within(link.close(), 'close', 3000);
    expect(running(pid)).toEqual([]);
  });

  test('close twice, at once and later, is one close', async () => {
    const { link } = await ready(
      script(`process.stdin.on('end', () => process.exit(0)).resume(); ${SAY_READY}`),
    );
    await within(Promise.all([link.close(), link.close()]), 'close');
    const { exit } = link.process;
    await within(link.close(), 'close');
    expect(link.process.exit).toEqual(exit);
  });

  test('close while the process is being started leaves none behind', async () => {
    const link = stdioClient(script('setInterval(() => {}, 1000)'), { stop: { stdinMs: 50 } })();
    const started = link.start(recorder()).catch((error: unknown) => error);
    await within(link.close(), 'close');
    expect(await started).toMatchObject({ code: 'closed' });
    expect(link.process.pid === undefined ? [] : running(link.process.pid)).toEqual([]);
  });
});

describe('F-040: a child that stops reading', () => {
  test('sends wait, then are refused; when it reads on, all arrive in order', async () => {
    const count = lineServer(
      `(m, send) => { if (m.id !== undefined) send({ jsonrpc: '2.0', id: m.id, result: { seen } }); else seen.push(m.params.i); }; const seen = []`,
    );
    const { link, heard, pid } = await ready(script(`${count}; ${SAY_READY}`));
    process.kill(pid, 'SIGSTOP');
    const pad = 'x'.repeat(1024 * 1024);
    const sends: Promise<unknown>[] = [];
    let settled = 0;
    for (let i = 0; i < 64; i += 1) {
      const sent = link.send({ jsonrpc: '2.0', method: 'n', params: { i, pad } });
      sends.push(
        sent
          .then(
            () => i,
            (error: unknown) => error,
          )
          .finally(() => (settled += 1)),
      );
    }
    await vi.waitFor(() => expect(settled).toBeGreaterThan(40), 2000);
    const refused = await Promise.all(sends.slice(-40));
    expect(refused).toEqual(
      refused.map(() => expect.objectContaining({ code: 'overloaded', delivery: 'not-sent' })),
    );
    process.kill(pid, 'SIGCONT');
    const taken = (await within(Promise.all(sends), 'sends to settle')).filter(
      (outcome) => typeof outcome === 'number',
    );
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 2);
    expect(taken.length).toBeGreaterThan(10);
    expect(heard.messages[1]).toMatchObject({ result: { seen: taken } });
  }, 10_000);
});

test('a thousand messages in one write are delivered once each', async () => {
  const many = `process.stdout.write(Array.from({ length: 1000 }, (_, id) => JSON.stringify({ jsonrpc: '2.0', id, result: {} }) + '\\n').join(''));${ECHO}`;
  const { heard } = await dial(script(many));
  await heard.until(() => heard.messages.length === 1000);
  expect(heard.messages.map((message) => 'id' in message && message.id)).toEqual(
    Array.from({ length: 1000 }, (_, i) => i),
  );
});

test('no zombies are left by ends of any kind', async () => {
  const links = await Promise.all(
    ['', 'process.exit(1)', 'process.kill(process.pid, "SIGKILL")'].map((source) => dial(script(source))),
  );
  await Promise.all(links.map(({ link }) => within(link.closed, 'the end')));
  await Promise.all(links.map(({ link }) => link.close()));
  expect(zombies()).toEqual([]);
});
