import { mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isTransportError } from '@trunkline/transport';
import { afterEach, describe, expect, test } from 'vitest';
import {
  announce,
  ECHO,
  lineServer,
  recorder,
  request,
  script,
  within,
  type Recorder,
} from './fixtures/harness.ts';
import { stdioClient, type StdioTransport } from './client.ts';
import type { SpawnRequest, StdioClientOptions, StdioServerParameters } from './parameters.ts';
import { exitOf } from './process-exit.ts';

const open: StdioTransport[] = [];
afterEach(() => Promise.all(open.splice(0).map((link) => link.close())));

async function dial(
  parameters: StdioServerParameters,
  options: StdioClientOptions = {},
): Promise<{ link: StdioTransport; heard: Recorder }> {
  const link = stdioClient(parameters, options)();
  open.push(link);
  const heard = recorder();
  await link.start(heard);
  return { link, heard };
}

async function failure(
  parameters: StdioServerParameters,
  options: StdioClientOptions = {},
): Promise<unknown> {
  return dial(parameters, options).then(
    () => 'started',
    (error: unknown) => error,
  );
}

describe('a link to a child', () => {
  test('nothing is started before start', async () => {
    let asked = 0;
    const link = stdioClient(script(ECHO), { approve: () => Boolean(++asked) })();
    expect([asked, link.process.pid]).toEqual([0, undefined]);
    open.push(link);
    await link.start(recorder());
    expect([asked, typeof link.process.pid]).toEqual([1, 'number']);
  });

  test('carries requests, answers and any text', async () => {
    const { link, heard } = await dial(script(ECHO));
    const text = 'π\u2028\n"😀"'.repeat(50_000);
    await link.send(request(1, 'm', { text }));
    await heard.until(() => heard.messages.length === 1);
    expect(heard.messages).toEqual([{ jsonrpc: '2.0', id: 1, result: { text } }]);
  });

  test('a list as command is program and arguments', async () => {
    const { args = [] } = script(ECHO);
    const { link, heard } = await dial({ command: [process.execPath, ...args] });
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 1);
    expect(heard.messages).toMatchObject([{ id: 1 }]);
  });

  test('arguments reach the process as they are, whatever a shell would make of them', async () => {
    const args = ['$HOME', '`id`', 'a b', "'", '"', '\\', '*', '', '&&', 'ü\n'];
    const { command, args: run = [] } = script(announce('process.argv.slice(1)'));
    const { heard } = await dial({ command, args: [...run, ...args] });
    await heard.until(() => heard.messages.length === 1);
    expect(heard.messages[0]).toMatchObject({ params: { value: args } });
  });

  test('runs where `cwd` says, and finds a relative command from there', async () => {
    const cwd = await realpath(await mkdtemp(join(tmpdir(), 'trunkline-')));
    const source = `#!${process.execPath}\n${announce('process.cwd()')}`;
    await writeFile(join(cwd, 'server.cjs'), source, { mode: 0o755 });
    const { heard } = await dial({ command: './server.cjs', cwd });
    await heard.until(() => heard.messages.length === 1);
    expect(heard.messages[0]).toMatchObject({ params: { value: cwd } });
  });

  test('of fifty canaries in our environment none reaches a child that was not given it', async () => {
    const canaries = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`CANARY_${i}`, `bird ${i}`]));
    const environment = {
      ...process.env,
      ...canaries,
      NODE_OPTIONS: '--no-warnings',
      npm_config_token: 'secret',
    };
    const parameters = { ...script(announce('Object.keys(process.env)')), env: { CANARY_7: 'named' } };
    const { heard } = await dial(parameters, { system: { environment } });
    await heard.until(() => heard.messages.length === 1);
    const [said] = heard.messages;
    const names = said && 'params' in said ? (said.params?.['value'] as string[]) : [];
    expect(names).toContain('CANARY_7');
    const allowed = ['CANARY_7', 'HOME', 'LOGNAME', 'PATH', 'SHELL', 'TERM', 'USER'];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
  });

  test('every exchange shows the process', async () => {
    const link = stdioClient(script(ECHO))();
    open.push(link);
    const shown = new Promise((resolve) => {
      const message: Recorder['message'] = (_, { origin }) => resolve(origin.process?.pid);
      void link.start({ message }).then(() => link.send(request(1)));
    });
    expect(await within(shown, 'an answer')).toBe(link.process.pid);
  });
});

describe('D014, D018: a process that cannot be started', () => {
  test.each<[string, StdioServerParameters, RegExp]>([
    ['does not exist', { command: 'no-such-program-here' }, /"no-such-program-here".*ENOENT/],
    ['does not exist at a path', { command: '/no/such/program' }, /ENOENT/],
    ['is a directory', { command: tmpdir() }, /directory/],
    ['is not executable', { command: '/etc/passwd' }, /EACCES/],
    ['is a command line', { command: 'node server.js' }, /as a list/],
    ['is empty', { command: '' }, /empty/],
    ['is an empty list', { command: [] }, /empty/],
    ['has a NUL in an argument', { command: 'node', args: ['a\0b'] }, /NUL/],
    ['has a missing working directory', { command: 'node', cwd: '/no/such/place' }, /\/no\/such\/place/],
    ['has = in a variable name', { command: 'node', env: { 'A=B': '' } }, /"A=B"/],
    ['has NUL in a variable', { command: 'node', env: { A: '\0' } }, /NUL/],
    ['has an undefined variable', { command: 'node', env: { A: undefined } as never }, /"A".*undefined/],
  ])('%s: start rejects before anything ran', async (_, parameters, text) => {
    const error = await failure(parameters);
    expect(error).toMatchObject({ code: 'spawn-failed', delivery: 'not-sent' });
    expect(isTransportError(error) && error.message).toMatch(text);
  });

  test('a script whose interpreter is missing is explained', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'trunkline-'));
    const file = join(directory, 'script');
    await writeFile(file, '#!/no/such/interpreter\n', { mode: 0o755 });
    expect(await failure({ command: file })).toMatchObject({
      code: 'spawn-failed',
      message: expect.stringContaining('interpreter'),
    });
  });

  test('closes the link, so that sends and `closed` settle', async () => {
    const link = stdioClient({ command: 'no-such-program-here' })();
    await expect(link.start(recorder())).rejects.toMatchObject({ code: 'spawn-failed' });
    await expect(link.send(request(1))).rejects.toMatchObject({ code: 'closed' });
    await expect(link.closed).resolves.toMatchObject({ cause: { code: 'spawn-failed' } });
    await link.close();
  });
});

describe('SEC-37: approval', () => {
  test('sees exactly what would run, and no values', async () => {
    const requests: SpawnRequest[] = [];
    const approve = (asked: SpawnRequest): boolean => {
      requests.push(asked);
      return false;
    };
    const system = { environment: { PATH: process.env['PATH'], HOME: '/h', SECRET: 'x' } };
    const parameters = { command: 'sh', args: ['-c', 'exit 0'], cwd: '/', env: { TOKEN: 'hunter2' } };
    const error = await failure(parameters, { approve, system });
    expect(error).toMatchObject({ code: 'spawn-failed', message: expect.stringContaining('approve') });
    expect(requests).toEqual([
      {
        argv: [expect.stringMatching(/^\/.*\/sh$/), '-c', 'exit 0'],
        cwd: '/',
        env: ['HOME', 'PATH', 'TOKEN'],
        fingerprint: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
    expect(JSON.stringify(requests)).not.toContain('hunter2');
  });

  test('its fingerprint changes with any part of the configuration, and with nothing else', async () => {
    const prints: string[] = [];
    const approve = (asked: SpawnRequest): boolean => {
      prints.push(asked.fingerprint);
      return false;
    };
    const base = { command: 'sh', args: ['-c', 'exit'], cwd: '/', env: { A: '1', B: '2' } };
    const variants = [
      { ...base, env: { B: '2', A: '1' } },
      { ...base, args: ['-c', 'true'] },
      { ...base, cwd: '/tmp' },
      { ...base, env: { A: '1', B: '3' } },
    ];
    for (const parameters of [base, ...variants]) await failure(parameters, { approve });
    expect(prints[1]).toBe(prints[0]);
    expect(new Set(prints).size).toBe(4);
  });

  test.each<[string, NonNullable<StdioClientOptions['approve']>]>([
    ['false', () => false],
    ['a truthy value that is not true', () => 'yes' as never],
    ['a promise of false', () => Promise.resolve(false)],
  ])('%s is no approval', async (_, approve) => {
    expect(await failure(script(ECHO), { approve })).toMatchObject({ code: 'spawn-failed' });
  });

  test('an approval that throws or never comes settles start all the same', async () => {
    const boom = new Error('boom');
    const threw = await failure(script(ECHO), { approve: () => Promise.reject(boom) });
    expect(threw).toMatchObject({ delivery: 'not-sent', cause: boom });

    const link = stdioClient(script(ECHO), { approve: () => new Promise(() => {}) })();
    const started = link.start(recorder()).catch((error: unknown) => error);
    await within(link.close(), 'close');
    expect(await within(started, 'start')).toMatchObject({ code: 'closed' });
    expect(link.process.pid).toBeUndefined();
  });
});

describe('D011: stdout noise', () => {
  test('a banner, colours and console.log are faults, before and between messages; the link lives', async () => {
    const noisy = `console.log('=== Server 1.0 ===\\n\\u001B[32mready\\u001B[0m');${lineServer(
      `(m, send) => { console.log('got', m.id); send({ jsonrpc: '2.0', id: m.id, result: {} }); }`,
    )}`;
    const { link, heard } = await dial(script(noisy));
    for (const id of [1, 2]) await link.send(request(id));
    await heard.until(() => heard.messages.length === 2);
    expect(heard.faults.map(({ message }) => /"(.*)"/.exec(message)?.[1])).toEqual([
      '=== Server 1.0 ===',
      'ready',
      'got 1',
      'got 2',
    ]);
    expect(link.process.output).toContain('got 2');
  });

  test('without end it is dropped after twenty reports', async () => {
    const { link, heard } = await dial(
      script(`for (let i = 0; i < 5000; i += 1) console.log('noise', i);${ECHO}`),
    );
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 1);
    expect(heard.faults).toHaveLength(20);
  });

  test('a line that begins like a message and is none is a fault too', async () => {
    const { link, heard } = await dial(script(`console.log('{broken');${ECHO}`));
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 1);
    expect(heard.faults.map(({ code }) => code)).toEqual(['malformed']);
  });

  test('a line over the limit is skipped', async () => {
    const { link, heard } = await dial(script(`console.log('{' + 'x'.repeat(5000));${ECHO}`), {
      maxLineBytes: 1000,
    });
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 1);
    expect(heard.faults.map(({ code }) => code)).toEqual(['too-large']);
  });
});

describe('stderr', () => {
  test('F-046, D015: a flood of it, with nobody interested, holds nothing up', async () => {
    const flood = `const line = 'e'.repeat(1023) + '\\n'; for (let i = 0; i < 8192; i += 1) require('fs').writeSync(2, line);`;
    const { link, heard } = await dial(script(`${flood}${ECHO}`));
    await link.send(request(1));
    await within(
      heard.until(() => heard.messages.length === 1),
      'an answer',
      5000,
    );
    expect(link.process.output.length).toBeLessThanOrEqual(64 * 1024);
  });

  test('a function hears all of it', async () => {
    let text = '';
    const { link, heard } = await dial(script(`process.stderr.write('höre\\n');${ECHO}`), {
      stderr: (part) => (text += part),
    });
    await link.send(request(1));
    await heard.until(() => heard.messages.length === 1 && text !== '');
    expect(text).toBe('höre\n');
  });

  test('a function that throws is a fault, not a crash', async () => {
    const { heard } = await dial(script(`process.stderr.write('x');${ECHO}`), {
      stderr() {
        throw new Error('boom');
      },
    });
    await heard.until(() => heard.faults.length === 1);
    expect(heard.faults[0]?.code).toBe('misuse');
  });

  test('is discarded on request', async () => {
    const { link } = await dial(script(`process.stderr.write('x'); process.exit(3)`), { stderr: 'ignore' });
    const { cause } = await within(link.closed, 'the end');
    expect(exitOf(cause)).toMatchObject({ code: 3, output: '' });
  });
});
