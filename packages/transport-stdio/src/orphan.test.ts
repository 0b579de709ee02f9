import { spawn } from 'node:child_process';
import { describe, expect, test, vi } from 'vitest';
import { fixture, running, within } from './fixtures/harness.ts';

interface Host {
  readonly kill: (signal: NodeJS.Signals) => boolean;
  /** The group of the server that the host started. */
  readonly group: number;
  readonly exited: Promise<number | NodeJS.Signals | null>;
}

async function startHost(...args: string[]): Promise<Host> {
  const { command, args: nodeArgs } = fixture('host.ts', ...args);
  const host = spawn(String(command), nodeArgs, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exited = new Promise<number | NodeJS.Signals | null>((resolve) => {
    host.once('exit', (code, signal) => resolve(code ?? signal));
  });
  const said = new Promise<string>((resolve) => {
    host.stdout.setEncoding('utf8').once('data', resolve);
  });
  const group = Number(await within(said, 'the host', 5000));
  return { kill: (signal) => host.kill(signal), group, exited };
}

describe('when the host ends without closing its links, the server goes with all it started', () => {
  test.each<[string, number]>([
    ['exit', 3],
    ['throw', 1],
  ])('on %s', async (end, code) => {
    const { group, exited } = await startHost(end, 'deaf');
    expect(await within(exited, 'the host to end')).toBe(code);
    await vi.waitFor(() => expect(running(group)).toEqual([]), 2000);
  });

  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'on %s, which the host still dies of',
    async (signal) => {
      const { group, exited, kill } = await startHost('wait', 'deaf');
      expect(running(group)).toHaveLength(3);
      kill(signal);
      expect(await within(exited, 'the host to end')).toBe(signal);
      await vi.waitFor(() => expect(running(group)).toEqual([]), 2000);
    },
  );

  test('F-004: on SIGKILL, by the end of its stdin', async () => {
    const { group, exited, kill } = await startHost('wait');
    kill('SIGKILL');
    expect(await within(exited, 'the host to end')).toBe('SIGKILL');
    await vi.waitFor(() => expect(running(group)).toEqual([]), 2000);
  });
});

test('nothing is listened to once no child is left', async () => {
  const { stdioClient } = await import('./client.ts');
  const count = (): number[] =>
    ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => process.listenerCount(name));
  const before = count();
  const link = stdioClient({ command: 'cat' })();
  await link.start({ message() {} });
  expect(count()).toEqual(before.map((listeners) => listeners + 1));
  await link.close();
  expect(count()).toEqual(before);
});
