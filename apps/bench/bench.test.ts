import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

interface Report {
  readonly machine: string;
  readonly scenarios: ReadonlyArray<{
    readonly name: string;
    readonly contenders: ReadonlyArray<{ readonly name: string; readonly values: readonly number[] }>;
    readonly goals: readonly unknown[];
  }>;
}

test('every scenario runs and measures every contender', { timeout: 60_000 }, async () => {
  const main = join(import.meta.dirname, 'main.ts');
  const { stdout, stderr } = await promisify(execFile)('node', [main, '--quick', '--json']);
  const { machine, scenarios } = JSON.parse(stdout) as Report;
  expect(stderr).toBe('');
  expect(machine).toContain('Node v');
  expect(scenarios.map(({ name }) => name)).toEqual([
    'stdio-serial-modern',
    'stdio-parallel-modern',
    'stdio-start-modern',
    'stdio-serial-legacy',
    'stdio-parallel-legacy',
    'stdio-start-legacy',
    'memory-serial',
    'stdio-long-line',
    'stdio-death',
  ]);
  for (const { contenders, goals } of scenarios) {
    expect(goals).not.toHaveLength(0);
    expect(contenders.map(({ name }) => name).join()).toContain('Trunkline');
    for (const { values } of contenders) expect(values.every((value) => value > 0)).toBe(true);
  }
});
