import { LineClient, type Era } from '../harness/line-client.ts';
import { serverCommand } from '../harness/machine.ts';
import type { Contender, Gauge, Scenario, Settings } from '../harness/scenario.ts';

/** Servers over stdio beside a bare one: one call at a time, many at once, and the time to the first answer. */
export function stdioScenarios(settings: Settings): readonly Scenario[] {
  return (['modern', 'legacy'] as const).flatMap((era) => [
    serial(settings, era),
    parallel(settings, era),
    start(settings, era),
  ]);
}

interface Server {
  readonly name: string;
  readonly script: string;
  readonly eras: readonly Era[];
}

const SERVERS: readonly Server[] = [
  { name: 'bare Node', script: 'servers/bare.js', eras: ['modern', 'legacy'] },
  { name: 'Trunkline', script: 'servers/stdio.js', eras: ['modern', 'legacy'] },
  { name: 'official 1.x', script: 'servers/official-1.js', eras: ['legacy'] },
  { name: 'official 2.x', script: 'servers/official-2.js', eras: ['modern', 'legacy'] },
];
const UNBUNDLED: Server = {
  name: 'Trunkline unbundled',
  script: 'servers/stdio-unbundled.js',
  eras: ['modern', 'legacy'],
};
const VERSUS_BARE = { of: 'Trunkline', against: 'bare Node' } as const;
const MANY = 64;

function serial(settings: Settings, era: Era): Scenario {
  const calls = settings.quick ? 20 : 500;
  return {
    name: `stdio-serial-${era}`,
    title: `stdio, one call at a time, ${era}`,
    unit: 'µs per call',
    rounds: settings.quick ? 2 : 40,
    contenders: calling(settings, era, async (client) => (await client.call(calls, 1)) * (1000 / calls)),
    goals: [{ ...VERSUS_BARE, atMost: 1.25 }],
  };
}

function parallel(settings: Settings, era: Era): Scenario {
  const calls = settings.quick ? 200 : 5000;
  return {
    name: `stdio-parallel-${era}`,
    title: `stdio, ${MANY} calls in flight, ${era}`,
    unit: 'calls per second',
    rounds: settings.quick ? 2 : 30,
    contenders: calling(settings, era, async (client) => calls / ((await client.call(calls, MANY)) / 1000)),
    goals: [{ ...VERSUS_BARE, atLeast: 0.5 }],
  };
}

function start(settings: Settings, era: Era): Scenario {
  return {
    name: `stdio-start-${era}`,
    title: `stdio, process start to first tool result, ${era}`,
    unit: 'ms',
    rounds: settings.quick ? 1 : 20,
    contenders: contenders([...SERVERS, UNBUNDLED], era, async (script) => ({
      round: () => firstResult(script, settings, era),
      close: async () => {},
    })),
    goals: [{ ...VERSUS_BARE, atMost: 1.5 }],
  };
}

async function firstResult(script: string, settings: Settings, era: Era): Promise<number> {
  const started = performance.now();
  const client = new LineClient(serverCommand(script, settings), era);
  try {
    await client.open();
    await client.call(1, 1);
    return performance.now() - started;
  } finally {
    await client.close();
  }
}

function calling(
  settings: Settings,
  era: Era,
  round: (client: LineClient) => Promise<number>,
): readonly Contender[] {
  const warmUp = settings.quick ? 20 : 10_000;
  return contenders(SERVERS, era, async (script) => {
    const client = new LineClient(serverCommand(script, settings), era);
    await client.open();
    await client.call(warmUp, 1);
    return { round: () => round(client), close: () => client.close() };
  });
}

function contenders(
  servers: readonly Server[],
  era: Era,
  open: (script: string) => Promise<Gauge>,
): readonly Contender[] {
  return servers
    .filter(({ eras }) => eras.includes(era))
    .map(({ name, script }) => ({
      name,
      open: () => open(script),
    }));
}
