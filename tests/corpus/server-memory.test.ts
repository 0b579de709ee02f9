import { beforeEach, describe, expect, test } from 'vitest';
import { countingClock, type CountingClock } from '../src/counting-clock.ts';
import { watchMishaps, type Mishaps } from '../src/mishaps.ts';
import { connectRaw, type RawConnection } from '../src/raw-connection.ts';
import { turn } from '../src/within.ts';
import { corpus } from './corpus.ts';
import { payload, type Served } from './entry.ts';
import { judge, Peer, replyOn } from './oracle.ts';
import { serverScenarios, type Harness } from './server-scenarios.ts';
import { makeSubject, type Report, type Subject } from './subject.ts';

const SERVED: readonly Served[] = ['dual', 'modern', 'legacy', 'legacy-unopened'];

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

const cases = corpus
  .filter(({ on, input }) => on.includes('memory') && typeof payload(input) === 'string')
  .flatMap((entry) => SERVED.map((served) => ({ entry, served, reply: replyOn(served, entry) })))
  .flatMap(({ reply, ...rest }) =>
    reply === undefined ? [] : [{ ...rest, reply, id: rest.entry.id, about: rest.entry.about }],
  );

describe('in memory', () => {
  test.each(cases)('$id $about ($served)', async ({ entry, served, reply }) => {
    const peer = await harness.connect(served);
    const unopened: Report = { runs: 0, initialized: 0, refused: [], polluted: [] };
    const before = served === 'legacy-unopened' ? unopened : await peer.ask<Report>('report');
    await judge(payload(entry.input) as string, reply, peer, before);
    await expectQuiet();
  });

  test.each(Object.entries(serverScenarios))('%s', async (_id, play) => {
    await play(harness);
    await expectQuiet();
  });
});
