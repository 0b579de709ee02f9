import type { ChildProcess, spawn, SpawnOptions } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { recorder, within } from './fixtures/harness.ts';
import { stdioClient, type StdioTransport } from './client.ts';
import type { StdioServerParameters } from './parameters.ts';
import type { System } from './system.ts';

/** Larger than any process id, so that no signal of a test reaches a real process. */
const NO_PROCESS = 1_000_000_000;

interface Started {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnOptions;
}

/** A Windows machine with the named files, whose processes end by `taskkill` only. */
function machine(
  files: string[],
  platform: NodeJS.Platform = 'win32',
): { system: System; started: Started[] } {
  const started: Started[] = [];
  const children = new Map<number, FakeChild>();
  const start = (file: string, args: readonly string[], options: SpawnOptions): ChildProcess => {
    started.push({ file, args, options });
    const child = new FakeChild(NO_PROCESS + started.length);
    children.set(child.pid, child);
    if (file.endsWith('taskkill.exe')) children.get(Number(args[1]))?.end(1);
    process.nextTick(() => child.emit('spawn'));
    return child as unknown as ChildProcess; // only what the client touches is imitated
  };
  const system: System = {
    platform,
    environment: {
      SystemRoot: 'C:\\Windows',
      Path: 'C:\\tools;relative;;"C:\\quoted dir"',
      PATHEXT: '.COM;.EXE;.BAT;.CMD;.JS',
    },
    spawn: start as typeof spawn,
    probe: async (path) => (files.includes(path) ? 'program' : 'missing'),
  };
  return { system, started };
}

class FakeChild extends EventEmitter {
  readonly pid: number;
  readonly stdin = new PassThrough();
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  exitCode: number | null = null;
  readonly signalCode = null;

  constructor(pid: number) {
    super();
    this.pid = pid;
  }

  end(code: number): void {
    this.exitCode = code;
    this.stdout.end();
    this.emit('exit', code, null);
    this.emit('close', code, null);
  }

  kill(): void {
    this.end(9);
  }

  unref(): void {}
}

async function run(
  parameters: StdioServerParameters,
  { system }: { system: System },
): Promise<StdioTransport> {
  const link = stdioClient(parameters, { system, stop: { stdinMs: 30 } })();
  await link.start(recorder());
  return link;
}

describe('on Windows', () => {
  test('a batch file runs through cmd.exe of the system directory, escaped', async () => {
    const here = machine(['C:\\tools\\npx.cmd']);
    await run({ command: 'npx', args: ['-y', 'a&b', '100%'] }, here);
    expect(here.started).toMatchObject([
      {
        file: 'C:\\Windows\\System32\\cmd.exe',
        args: ['/e:ON /v:OFF /d /s /c ""C:\\tools\\npx.cmd" "-y" "a&b" "100%%cd:~,%""'],
        options: { shell: false, windowsHide: true, windowsVerbatimArguments: true, detached: false },
      },
    ]);
  });

  test('a program runs by itself, its arguments as they are', async () => {
    const here = machine(['C:\\quoted dir\\node.exe']);
    await run({ command: 'node', args: ['a&b'] }, here);
    expect(here.started).toMatchObject([
      {
        file: 'C:\\quoted dir\\node.exe',
        args: ['a&b'],
        options: { shell: false, windowsHide: true, detached: false },
      },
    ]);
    expect(here.started[0]?.options.windowsVerbatimArguments).toBeUndefined();
  });

  test('PATHEXT decides the order; a file without an extension is never started', async () => {
    const here = machine(['C:\\tools\\npx', 'C:\\tools\\npx.cmd', 'C:\\tools\\npx.bat']);
    await run({ command: 'npx' }, here);
    expect(here.started[0]?.args[0]).toContain('npx.bat');
    await expect(
      run({ command: 'npx' }, machine(['C:\\tools\\npx', 'C:\\tools\\npx.js'])),
    ).rejects.toMatchObject({
      code: 'spawn-failed',
    });
  });

  test('the current directory and relative entries of PATH are not searched', async () => {
    const here = machine([`${process.cwd()}\\evil.exe`, 'evil.exe', 'relative\\evil.exe', '\\evil.exe']);
    await expect(run({ command: 'evil' }, here)).rejects.toMatchObject({ code: 'spawn-failed' });
    expect(here.started).toEqual([]);
  });

  test('a batch file does not get a line break', async () => {
    const here = machine(['C:\\tools\\npx.cmd']);
    await expect(run({ command: 'npx', args: ['a\r\ncalc'] }, here)).rejects.toMatchObject({
      code: 'spawn-failed',
    });
    expect(here.started).toEqual([]);
  });

  test('stopping closes stdin and then ends the tree with taskkill', async () => {
    const here = machine(['C:\\tools\\node.exe']);
    const link = await run({ command: 'node' }, here);
    await within(link.close(), 'close');
    expect(here.started.slice(1)).toMatchObject([
      {
        file: 'C:\\Windows\\System32\\taskkill.exe',
        args: ['/pid', String(NO_PROCESS + 1), '/T', '/F'],
        options: { windowsHide: true },
      },
    ]);
    expect(link.process.exit).toMatchObject({ code: 1, ended: 'SIGTERM' });
  });
});

test('on macOS a child leads a process group, as on Linux', async () => {
  const here = machine(['/usr/bin/node'], 'darwin');
  const system = { ...here.system, environment: { PATH: ':.:/usr/bin' } };
  const link = stdioClient({ command: 'node', args: ['x'] }, { system })();
  await link.start(recorder());
  expect(here.started).toMatchObject([
    { file: '/usr/bin/node', args: ['x'], options: { argv0: 'node', detached: true, shell: false } },
  ]);
});
