import { spawnSync } from 'node:child_process';
import { arch, availableParallelism, cpus, loadavg, release, type } from 'node:os';
import { join } from 'node:path';
import type { Cores, Settings } from './scenario.ts';

/** Two cores to keep driver and server apart, where the machine has them and `taskset` is there to do it. */
export function findCores(): Cores | undefined {
  const found = spawnSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  const [server, driver] = found.status === 0 ? coresIn(found.stdout) : [];
  return server === undefined || driver === undefined ? undefined : { server, driver };
}

/** Moves every thread of a process to one core. */
export function pin(pid: number, core: number | undefined): void {
  if (core !== undefined) spawnSync('taskset', ['-acp', String(core), String(pid)]);
}

/** The command line that runs a built script on the server's core. */
export function serverCommand(script: string, { node, cores }: Settings): [string, ...string[]] {
  const command: [string, string] = [node, built(script)];
  return cores ? ['taskset', '-c', String(cores.server), ...command] : command;
}

/** A built file of this app: what is measured is what users run. */
export function built(script: string): string {
  return join(import.meta.dirname, '..', '..', 'dist', script);
}

/** One line about where the numbers come from. */
export function describeMachine({ node, cores }: Settings): string {
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  return [
    `Node ${stdout.trim()}`,
    `${model}, ${availableParallelism()} cores`,
    `${type()} ${release()} ${arch()}`,
    cores ? `servers on core ${cores.server}, driver on core ${cores.driver}` : 'not pinned to cores',
  ].join(' · ');
}

/** Says so when others use the machine: what was measured then is worth little. Called at the end, for the last minute. */
export function describeLoad(): string | undefined {
  const [load = 0] = loadavg();
  const own = 2;
  if (load < own + 0.5) return undefined;
  return `The load was ${load.toFixed(1)} on ${cpus().length} cores: others were at work, so do not trust these numbers.`;
}

/** Reads the end of `pid 12's current affinity list: 0,2-4`. */
function coresIn(line: string): number[] {
  const list = line.slice(line.lastIndexOf(':') + 1).trim();
  return list.split(',').flatMap((part) => {
    const [from = NaN, to = from] = part.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}
