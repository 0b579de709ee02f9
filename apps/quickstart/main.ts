import { filesystemServer } from './src/stops/filesystem-server.ts';
import { inspector } from './src/stops/inspector.ts';
import { onePort } from './src/stops/one-port.ts';
import { ownServer } from './src/stops/own-server.ts';
import type { Leg, Stop } from './src/stop.ts';
import { table } from './src/table.ts';

const STOPS: readonly Stop[] = [ownServer, onePort, filesystemServer, inspector];

const json = process.argv.includes('--json');
const say = (text: string): void => void (json || process.stdout.write(`${text}\n`));

say('Trunkline, a tour. One server, one client, both eras of the protocol, and two strangers.\n');
const legs: Leg[] = [];
for (const stop of STOPS) {
  say(stop.title);
  for await (const leg of stop.legs()) {
    legs.push(leg);
    for (const call of leg.calls) say(`  ${leg.era.padEnd(7)} ${call.what.padEnd(44)} ${call.outcome}`);
    if (leg.failure !== undefined) say(`  ${leg.era.padEnd(7)} FAILED: ${leg.failure}`);
  }
  say('');
}

const failures = legs.filter((leg) => leg.failure !== undefined);
if (json) process.stdout.write(`${JSON.stringify({ legs, failed: failures.length }, null, 2)}\n`);
say(table(['client', 'server', 'transport', 'era', 'revision', 'calls', 'time', ''], legs.map(row)));
say(
  failures.length === 0
    ? `\nAll ${legs.length} legs went well.`
    : `\n${failures.length} of ${legs.length} legs failed.`,
);
process.exitCode = failures.length === 0 ? 0 : 1;

function row(leg: Leg): string[] {
  const time = leg.calls.reduce((sum, call) => sum + call.milliseconds, 0);
  const verdict = leg.failure === undefined ? 'ok' : 'FAILED';
  return [
    leg.client,
    leg.server,
    leg.transport,
    leg.era,
    leg.revision,
    String(leg.calls.length),
    `${time.toFixed(1)} ms`,
    verdict,
  ];
}
