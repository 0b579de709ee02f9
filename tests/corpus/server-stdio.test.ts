import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startRaw, type RawProcess } from '../src/raw-process.ts';
import { serverCases } from './cases.ts';
import type { Entry, Served } from './entry.ts';
import { lineScenarios } from './line-scenarios.ts';
import { judge, Peer } from './oracle.ts';
import { scenariosOver } from './server-scenarios.ts';
import type { ProcessReport } from './stdio-subject.ts';
import type { Report } from './subject.ts';

const PROGRAM = fileURLToPath(new URL('stdio-subject.ts', import.meta.url));

/** A process that serves one entry after the other: each leaves it as it was. */
const shared = new Map<Served, Promise<Peer<RawProcess>>>();
const own: RawProcess[] = [];

async function start(served: Served, maxDuration?: number): Promise<Peer<RawProcess>> {
  const peer = new Peer(
    served,
    startRaw(PROGRAM, [served, ...(maxDuration === undefined ? [] : [`${maxDuration}`])]),
  );
  if (served === 'legacy') await peer.open();
  return peer;
}

async function connect(
  served: Served,
  options: { readonly maxDuration?: number } = {},
): Promise<Peer<RawProcess>> {
  const peer = await start(served, options.maxDuration);
  own.push(peer.connection);
  return peer;
}

/** What opens a session changes what comes after it, so it has a process of its own; so has what must not be in one. */
function peerFor(input: string | Uint8Array, served: Served): Promise<Peer<RawProcess>> {
  const opens = String(input).startsWith('{"jsonrpc":"2.0","id":1,"method":"initialize"');
  if (opens || served === 'legacy-unopened') return connect(served);
  const peer = shared.get(served) ?? start(served);
  shared.set(served, peer);
  return peer;
}

/** What a process that is well says of itself. */
async function expectQuiet(peer: Peer<RawProcess>, before: ProcessReport, entry?: Entry): Promise<void> {
  const after = await peer.ask<ProcessReport>('process');
  expect(after).toMatchObject({ mishaps: [], resources: before.resources });
  const { heapMiB } = entry?.expect.bounds ?? {};
  if (heapMiB !== undefined) expect(after.heapMiB - before.heapMiB).toBeLessThan(heapMiB);
  expect(peer.connection.stderr).toBe('');
}

async function close(process: RawProcess): Promise<void> {
  await process.close();
  expect(await process.ended).toBe(0);
}

afterEach(async () => {
  await Promise.all(own.splice(0).map(close));
});

afterAll(async () => {
  for (const peer of shared.values()) await close((await peer).connection);
});

describe('over stdio', { timeout: 20_000 }, () => {
  test.each(serverCases('stdio'))('$id $about ($served)', async ({ entry, served, input, reply }) => {
    const peer = await peerFor(input, served);
    const opened = served !== 'legacy-unopened';
    const before = opened
      ? await peer.ask<Report>('report')
      : { runs: 0, initialized: 0, refused: [], polluted: [] };
    const quiet = opened ? await peer.ask<ProcessReport>('process') : undefined;
    await judge(input, reply, peer, before);
    await expectQuiet(peer, quiet ?? (await peer.ask<ProcessReport>('process')), entry);
  });

  test.each(scenariosOver('stdio'))('%s', async (_id, play) => {
    await play({ connect });
    expect(own.length).toBeGreaterThan(0);
  });

  test.each(Object.entries(lineScenarios))('%s', async (_id, play) => {
    await play({ connect });
    expect(own.length).toBeGreaterThan(0);
  });
});
