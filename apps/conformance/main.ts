import { fileURLToPath } from 'node:url';
import { expectedFailures } from './expected-failures.ts';
import { partsFor } from './src/run/parts.ts';
import { startServer } from './src/run/server-process.ts';
import { runPart, type Part, type ScenarioResult } from './src/run/suite.ts';

const json = process.argv.includes('--json');
const only = process.argv.find((arg) => arg.startsWith('--only='))?.slice('--only='.length);
const say = (text: string): void => void (json || process.stdout.write(`${text}\n`));
const path = (name: string): string => fileURLToPath(new URL(`dist/${name}.js`, import.meta.url));

interface PartResult {
  readonly part: string;
  readonly scenarios: readonly ScenarioResult[];
}

const server = await startServer(path('server'));
const issuer = await startServer(path('issuer'));
const results: PartResult[] = [];
try {
  const parts = partsFor(server.url, `${process.execPath} ${path('client')}`, new URL(issuer.url).origin);
  for (const part of parts.filter(({ name }) => only === undefined || name.includes(only)))
    results.push(await report(part));
} finally {
  await server.stop();
  await issuer.stop();
}

const unexpected = results.flatMap(({ part, scenarios }) =>
  scenarios
    .filter(({ scenario, problems }) => problems.length > 0 !== isExpected(part, scenario))
    .map(({ scenario }) => `${part}: ${scenario}`),
);
if (json) process.stdout.write(`${JSON.stringify({ results, expectedFailures, unexpected }, null, 2)}\n`);
const counted = results.flatMap(({ scenarios }) => scenarios);
const failed = counted.filter(({ problems }) => problems.length > 0).length;
say(
  `\n${counted.length - failed} scenarios passed, ${failed} failed, ${expectedFailures.length} of them expected to; ${unexpected.length} not as expected`,
);
process.exitCode = unexpected.length === 0 ? 0 : 1;

async function report(part: Part): Promise<PartResult> {
  const scenarios = await runPart(part);
  const bad = scenarios.filter(({ problems }) => problems.length > 0);
  const skipped = scenarios.filter(
    ({ passed, problems, skipped: count }) => passed === 0 && problems.length === 0 && count > 0,
  ).length;
  say(
    `${part.name.padEnd(36)} ${String(scenarios.length - bad.length - skipped).padStart(3)} passed ${String(bad.length).padStart(3)} failed ${String(skipped).padStart(3)} skipped`,
  );
  for (const { scenario, problems } of bad) {
    say(`    ${scenario}${isExpected(part.name, scenario) ? ' (expected)' : ''}`);
    for (const problem of problems.slice(0, 3))
      say(`        ${problem.replaceAll(/\s+/g, ' ').slice(0, 160)}`);
  }
  return { part: part.name, scenarios };
}

function isExpected(part: string, scenario: string): boolean {
  return expectedFailures.some((entry) => entry.scenario === scenario && part.includes(entry.side));
}
