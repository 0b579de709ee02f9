import { httpClient } from '@trunkline/transport-http';
import type { Era } from '@trunkline/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES, Heard, type Session } from '../interop/cases.ts';
import { trunklineClient } from '../interop/clients/trunkline.ts';
import { openHost, type Host, type Listener } from './host.ts';
import { stateful1, stateful2, stateless1, stateless2 } from './official-hosts.ts';

/** What needs a server that outlives its requests. */
const NEEDS_MEMORY = [
  'progress of a call that runs',
  'a cancelled call rejects, and its handler is told',
  'changes of a list and of a resource',
];
/** What needs a server that can ask, or that remembers what level of messages was asked for. */
const NEEDS_SESSION = [
  'elicitation: accepted',
  'elicitation: declined',
  'elicitation: cancelled',
  'elicitation: twice in one call',
  'sampling',
  'roots',
  'logging from the level that was asked for',
];

interface Meeting {
  readonly name: string;
  readonly serve: () => Listener;
  readonly era: Era;
  /** What this server cannot do by its nature. */
  readonly without: readonly string[];
}

const MEETINGS: readonly Meeting[] = [
  {
    name: 'the official SDK 1.x with sessions',
    serve: stateful1,
    era: 'legacy',
    // It keeps the level of each session, and sends a message that names none at every level.
    without: ['logging from the level that was asked for'],
  },
  {
    name: 'the official SDK 1.x without sessions',
    serve: stateless1,
    era: 'legacy',
    without: [...NEEDS_MEMORY, ...NEEDS_SESSION],
  },
  { name: 'the official SDK 2.x with sessions', serve: stateful2, era: 'legacy', without: [] },
  { name: 'the official SDK 2.x, modern', serve: stateless2, era: 'modern', without: NEEDS_MEMORY },
  {
    name: 'the official SDK 2.x, legacy without sessions',
    serve: stateless2,
    era: 'legacy',
    without: [...NEEDS_MEMORY, ...NEEDS_SESSION],
  },
];

describe.each(MEETINGS.map((meeting) => [meeting.name, meeting] as const))('over HTTP, %s', (_, meeting) => {
  let host: Host;
  let session: Session;

  beforeAll(async () => {
    host = await openHost(meeting.serve());
    const heard = new Heard();
    session = {
      client: await trunklineClient(httpClient(host.url), heard, [meeting.era]),
      era: meeting.era,
      heard,
    };
  });
  afterAll(async () => {
    await session?.client.close();
    await host?.[Symbol.asyncDispose]();
  });

  // oxlint-disable-next-line vitest/expect-expect -- the cases expect
  test.each(Object.entries(CASES).filter(([what]) => !meeting.without.includes(what)))('%s', (_what, run) =>
    run(session),
  );
});

test.each([
  ['1.x with sessions', stateful1, 'legacy'],
  ['1.x without sessions', stateless1, 'legacy'],
  ['2.x with sessions', stateful2, 'legacy'],
  ['2.x', stateless2, 'modern'],
] as const)('the era of the official SDK %s is found', async (_, serve, era) => {
  await using host = await openHost(serve());
  const client = await trunklineClient(httpClient(host.url), new Heard(), undefined);
  expect(String(client.revision) >= '2026').toBe(era === 'modern');
  expect((await client.call('echo', { text: 'found' })).text).toBe('found');
  await client.close();
});

test('every case that is left out exists', () => {
  for (const what of [...NEEDS_MEMORY, ...NEEDS_SESSION]) expect(CASES).toHaveProperty([what]);
});
