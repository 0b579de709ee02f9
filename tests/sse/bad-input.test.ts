import type { Listening } from '@trunkline/transport';
import { sse } from '@trunkline/transport-sse/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverCases } from '../corpus/cases.ts';
import { corpus } from '../corpus/corpus.ts';
import type { Served } from '../corpus/entry.ts';
import { judge, Peer } from '../corpus/oracle.ts';
import { scenariosOver } from '../corpus/server-scenarios.ts';
import { makeSubject, type Report, type Subject } from '../corpus/subject.ts';
import { watchMishaps, type Mishaps } from '../src/mishaps.ts';
import { rawSse, type RawSse } from '../src/raw-sse.ts';

/** Entries that end differently here, because every message is a request of its own, with a status and a body. */
const APART = {
  A018: 'every body is a beginning, where a byte order mark is dropped',
  B039: 'a defective answer is refused like anything else',
};

interface Opened {
  readonly subject: Subject;
  readonly listening: Listening;
}

let mishaps: Mishaps;
let opened: Opened[];
let streams: RawSse[];

beforeEach(() => {
  mishaps = watchMishaps();
  opened = [];
  streams = [];
});

afterEach(async () => {
  await Promise.all(streams.map((stream) => stream.close()));
  await Promise.all(opened.map(({ listening }) => listening.close()));
  await Promise.all(opened.map(({ subject }) => subject.server.close({ grace: 0 })));
  mishaps.stop();
  if (mishaps.seen.length > 0) throw new Error(mishaps.seen.join('\n'));
});

async function connect(served: Served, options?: { readonly maxDuration?: number }): Promise<Peer<RawSse>> {
  const subject = makeSubject(served, options);
  opened.push({
    subject,
    listening: await sse({ grace: 0, limits: { maxBodyBytes: 8 * 1024 * 1024 } }).listen(subject.server),
  });
  return connectAgain(served);
}

async function connectAgain(served: Served): Promise<Peer<RawSse>> {
  const { listening } = opened.at(-1) as Opened;
  const stream = await rawSse(listening.describe);
  streams.push(stream);
  const peer = new Peer(served, stream);
  if (served === 'legacy') await peer.open();
  return peer;
}

describe('bad input over HTTP+SSE', { timeout: 20_000 }, () => {
  const cases = serverCases('sse').filter(({ id }) => !Object.hasOwn(APART, id));

  test.each(cases)('$id $about ($served)', async ({ served, input, reply }) => {
    const peer = await connect(served);
    const unopened: Report = { runs: 0, initialized: 0, refused: [], polluted: [] };
    const before = served === 'legacy-unopened' ? unopened : await peer.ask<Report>('report');
    const first = peer.connection.statuses.length;
    await judge(input, reply, peer, before);
    const unparsable = typeof reply === 'object' && 'error' in reply && reply.error === -32700;
    expect(unparsable ? [400] : [202, 400]).toContain(peer.connection.statuses[first]);
  });

  test.each(scenariosOver('sse'))('%s', async (_id, play) => {
    await play({ connect, connectAgain });
    expect(streams.length).toBeGreaterThan(0);
  });

  test('A018 a byte order mark before the message is dropped', async () => {
    const { connection } = await connect('legacy');
    connection.send('\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(await connection.next('the answer', ({ id }) => id === 1)).toHaveProperty('result');
  });

  test('B039 a result and an error are refused with 400', async () => {
    const { connection } = await connect('dual');
    connection.send('{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"x"}}');
    expect(await connection.next('the refusal', () => true)).toMatchObject({ error: { code: -32600 } });
    expect(connection.statuses).toEqual([400]);
  });

  test('every entry of layers A to C that can come in is run', () => {
    const run = new Set(
      [...serverCases('sse'), ...scenariosOver('sse').map(([id]) => ({ id }))].map(({ id }) => id),
    );
    const wanted = corpus.filter(({ id, on }) => /^[A-C]/.test(id) && on.includes('sse')).map(({ id }) => id);
    expect(wanted.filter((id) => !run.has(id) && id !== 'C057')).toEqual([]);
  });
});
