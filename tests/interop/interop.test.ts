import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CANNOT } from './cannot.ts';
import { CASES, Heard, type Session } from './cases.ts';
import { open, PAIRS } from './pairs.ts';

describe.each(PAIRS.map((pair) => [pair.name, pair] as const))('%s', (_name, pair) => {
  let session: Session;

  beforeAll(async () => {
    const heard = new Heard();
    session = { client: await pair.open(heard), era: pair.era, heard };
  }, 20_000);
  afterAll(() => session?.client.close());

  const possible = Object.entries(CASES).filter(
    ([what]) => !CANNOT.some((limit) => limit.client === pair.client && limit.what === what),
  );
  // oxlint-disable-next-line vitest/expect-expect -- the cases expect
  test.each(possible)('%s', (_what, run) => run(session));
});

describe.each(['stdio', 'memory'] as const)('finding the era over %s', (over) => {
  test.each([
    ['Trunkline', 'official 1.x', 'legacy'],
    ['Trunkline', 'official 2.x', 'modern'],
    ['official 2.x', 'Trunkline', 'modern'],
  ] as const)('%s client, %s server: %s', { timeout: 20_000 }, async (client, server, era) => {
    const found = await open(client, server, over, 'auto', new Heard());
    expect(String(found.revision) >= '2026').toBe(era === 'modern');
    expect((await found.call('echo', { text: 'found' })).text).toBe('found');
    await found.close();
  });
});

test('what a peer cannot do is known to the README, with the reason', () => {
  const readme = readFileSync(new URL('README.md', import.meta.url), 'utf8');
  for (const { client, what, why } of CANNOT) {
    expect(CASES).toHaveProperty([what]);
    expect(readme).toContain(`| ${client} client | ${what} | ${why} |`);
  }
});
