import type { Listening } from '@trunkline/transport';
import { ws } from '@trunkline/transport-ws/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { serverCases } from '../corpus/cases.ts';
import { corpus } from '../corpus/corpus.ts';
import type { Served } from '../corpus/entry.ts';
import { judge, Peer } from '../corpus/oracle.ts';
import { scenariosOver } from '../corpus/server-scenarios.ts';
import { makeSubject, type Report, type Subject } from '../corpus/subject.ts';
import { watchMishaps, type Mishaps } from '../src/mishaps.ts';
import { rawWebSocket, type RawWebSocket } from '../src/raw-web-socket.ts';

/** Entries that end differently here, because a text frame is UTF-8 or no frame, and begins nothing but itself. */
const APART = {
  A016: 'a frame that is no UTF-8 ends the link with 1007',
  A018: 'every frame is whole, so a byte order mark is at no beginning of a stream',
};

interface Opened {
  readonly subject: Subject;
  readonly listening: Listening;
}

let mishaps: Mishaps;
let opened: Opened[];
let sockets: RawWebSocket[];

beforeEach(() => {
  mishaps = watchMishaps();
  opened = [];
  sockets = [];
});

afterEach(async () => {
  await Promise.all(sockets.map((socket) => socket.close()));
  await Promise.all(opened.map(({ listening }) => listening.close()));
  await Promise.all(opened.map(({ subject }) => subject.server.close({ grace: 0 })));
  mishaps.stop();
  if (mishaps.seen.length > 0) throw new Error(mishaps.seen.join('\n'));
});

async function connect(
  served: Served,
  options?: { readonly maxDuration?: number },
): Promise<Peer<RawWebSocket>> {
  const subject = makeSubject(served, options);
  opened.push({ subject, listening: await ws({ grace: 0 }).listen(subject.server) });
  return connectAgain(served);
}

async function connectAgain(served: Served): Promise<Peer<RawWebSocket>> {
  const { listening } = opened.at(-1) as Opened;
  const socket = await rawWebSocket(Number(new URL(listening.describe).port));
  sockets.push(socket);
  const peer = new Peer(served, socket);
  if (served === 'legacy') await peer.open();
  return peer;
}

describe('bad input over a WebSocket', { timeout: 20_000 }, () => {
  const cases = serverCases('ws').filter(({ id }) => !Object.hasOwn(APART, id));

  test.each(cases)('$id $about ($served)', async ({ served, input, reply }) => {
    const peer = await connect(served);
    const unopened: Report = { runs: 0, initialized: 0, refused: [], polluted: [] };
    const before = served === 'legacy-unopened' ? unopened : await peer.ask<Report>('report');
    await judge(input, reply, peer, before);
    expect(peer.connection.heard.length).toBeGreaterThan(0);
  });

  test.each(scenariosOver('ws'))('%s', async (_id, play) => {
    await play({ connect, connectAgain });
    expect(sockets.length).toBeGreaterThan(0);
  });

  test('A016 half a surrogate pair encoded as UTF-8 ends the link with 1007', async () => {
    const { connection } = await connect('dual');
    connection.send(Buffer.from('7b226964223a22eda080227d', 'hex'));
    expect(await connection.ended).toBe(1007);
  });

  test('A018 a byte order mark before the message is no JSON', async () => {
    const { connection } = await connect('dual');
    connection.send('\uFEFF{"jsonrpc":"2.0","id":1,"method":"ping"}');
    expect(await connection.next('the refusal', () => true)).toMatchObject({ error: { code: -32700 } });
  });

  test('every entry of layers A to C that can come in is run', () => {
    const run = new Set(
      [...serverCases('ws'), ...scenariosOver('ws').map(([id]) => ({ id }))].map(({ id }) => id),
    );
    const wanted = corpus.filter(({ id, on }) => /^[A-C]/.test(id) && on.includes('ws')).map(({ id }) => id);
    expect(wanted.filter((id) => !run.has(id) && id !== 'C057')).toEqual([]);
  });
});
