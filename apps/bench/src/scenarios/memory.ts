import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { built, pin } from '../harness/machine.ts';
import type { Contender, Gauge, Scenario, Settings } from '../harness/scenario.ts';

/** Client and server in one process, one call at a time. */
export function memoryScenarios(settings: Settings): readonly Scenario[] {
  const contender = (name: string, script: string, options: object = {}): Contender => ({
    name,
    open: () => open(settings, script, options),
  });
  return [
    {
      name: 'memory-serial',
      title: 'memory, client and server in one process, one call at a time',
      unit: 'calls per second',
      rounds: settings.quick ? 2 : 40,
      contenders: [
        contender('Trunkline modern', 'memory.js', { eras: ['modern'] }),
        contender('Trunkline legacy', 'memory.js', { eras: ['legacy'] }),
        contender('official 1.x', 'memory/official-1.js'),
        contender('official 2.x', 'memory/official-2.js'),
      ],
      goals: [
        { of: 'Trunkline modern', against: 'official 1.x', atLeast: 4 },
        { of: 'Trunkline legacy', against: 'official 1.x', atLeast: 4 },
      ],
    },
  ];
}

async function open(settings: Settings, script: string, options: object): Promise<Gauge> {
  const calls = settings.quick ? 100 : 5000;
  const child = fork(built('memory-worker.js'), [built(script), JSON.stringify(options)], {
    execPath: settings.node,
  });
  if (child.pid !== undefined) pin(child.pid, settings.cores?.server);
  await heard(child);
  const round = async (): Promise<number> => {
    child.send(calls);
    return calls / (Number(await heard(child)) / 1000);
  };
  for (let warmUp = settings.quick ? 1 : 6; warmUp > 0; warmUp--) await round();
  return {
    round,
    async close() {
      if (child.exitCode !== null) return;
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}

/** The next message of a worker; rejects if it ends instead. */
async function heard(child: ChildProcess): Promise<unknown> {
  const stop = new AbortController();
  const { signal } = stop;
  try {
    const message = once(child, 'message', { signal });
    const ended = once(child, 'exit', { signal }).then(([code]) => {
      throw new Error(`the worker ended with exit code ${String(code)}`);
    });
    return (await Promise.race([message, ended]))[0];
  } finally {
    stop.abort();
  }
}
