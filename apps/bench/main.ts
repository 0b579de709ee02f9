import { parseArgs } from 'node:util';
import { describeLoad, describeMachine, findCores, pin } from './src/harness/machine.ts';
import { measure, type Measurement } from './src/harness/measure.ts';
import { json, summary, table } from './src/harness/report.ts';
import type { Settings } from './src/harness/scenario.ts';
import { scenarios } from './src/scenarios/index.ts';

const USAGE = `Measures Trunkline beside bare Node and the official SDK, in turns, and compares with the goals.

  --only <text>   only scenarios whose name contains this; may be given more than once
  --list          prints the names of the scenarios
  --json          prints every value as JSON instead of tables
  --assert        exits with 1 if a goal is missed
  --quick         shows that everything works; the numbers mean nothing
  --node <file>   the Node that runs what is measured; this one unless given
`;

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    node: { type: 'string', default: process.execPath },
    help: { type: 'boolean', default: false },
  },
});
const settings: Settings = { quick: flags.quick, node: flags.node, cores: findCores() };
const chosen = scenarios(settings).filter(
  ({ name }) => flags.only.length === 0 || flags.only.some((text) => name.includes(text)),
);

if (flags.help) process.stdout.write(USAGE);
else if (flags.list) print(chosen.map(({ name }) => name).join('\n'));
else if (chosen.length === 0) throw new Error(`no scenario is called ${flags.only.join(' or ')}`);
else await run();

async function run(): Promise<void> {
  const machine = describeMachine(settings);
  pin(process.pid, settings.cores?.driver);
  const measurements: Measurement[] = [];
  if (!flags.json) print(`Trunkline bench · ${machine}\n`);
  for (const scenario of chosen) {
    const measurement = await measure(scenario);
    measurements.push(measurement);
    if (!flags.json) print(`${table(measurement)}\n`);
  }
  const load = describeLoad();
  print(flags.json ? json({ machine, load }, measurements) : summary(measurements));
  if (load && !flags.json) print(`\n  ${load}`);
  const missed = measurements.flatMap(({ verdicts }) => verdicts).some(({ met }) => !met);
  if (flags.assert && missed) process.exitCode = 1;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
