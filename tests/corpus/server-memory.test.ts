import { beforeEach, describe, expect, test } from 'vitest';
import { countingClock, type CountingClock } from '../src/counting-clock.ts';
import { watchMishaps, type Mishaps } from '../src/mishaps.ts';
import { connectRaw, type RawConnection } from '../src/raw-connection.ts';
import { turn } from '../src/within.ts';
import { serverCases } from './cases.ts';
import type { Served } from './entry.ts';
import { judge, Peer } from './oracle.ts';
import { scenariosOver, type Harness } from './server-scenarios.ts';
import { makeSubject, type Report, type Subject } from './subject.ts';

let mishaps: Mishaps;
let clock: CountingClock;
let subjects: Subject[];
let connections: RawConnection[];

beforeEach(() => {
  mishaps = watchMishaps();
  clock = countingClock();
  subjects = [];
  connections = [];
});

/** Whatever came in: when both sides have closed, nothing is left, and nothing went wrong that nobody heard of. */
async function expectQuiet(): Promise<void> {
  for (const connection of connections) await connection.close();
  await Promise.all(subjects.map(({ server }) => server.close({ grace: 0 })));
  await turn();
  mishaps.stop();
  expect({ mishaps: mishaps.seen, armed: clock.armed }).toEqual({ mishaps: [], armed: 0 });
}

const harness: Harness = {
  async connect(served, options) {
    subjects.push(makeSubject(served, { clock, ...options }));
    return connectAgain(served);
  },
  connectAgain,
};

async function connectAgain(served: Served): Promise<Peer> {
  const { server } = subjects.at(-1) as Subject;
  const connection = await connectRaw(server);
  connections.push(connection);
  const peer = new Peer(served, connection);
  if (served === 'legacy') await peer.open();
  return peer;
}

describe('in memory', () => {
  test.each(serverCases('memory'))('$id $about ($served)', async ({ served, input, reply }) => {
    const peer = await harness.connect(served);
    const unopened: Report = { runs: 0, initialized: 0, refused: [], polluted: [] };
    const before = served === 'legacy-unopened' ? unopened : await peer.ask<Report>('report');
    await judge(input, reply, peer, before);
    await expectQuiet();
  });

  test.each(scenariosOver('memory'))('%s', async (_id, play) => {
    await play(harness);
    await expectQuiet();
  });
});
