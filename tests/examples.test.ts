import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);
const FOLDER = fileURLToPath(new URL('../apps/examples', import.meta.url));
/** Stories of their own kind, such as those with a browser, bring their own test. */
const stories = globSync('*/client.ts', { cwd: FOLDER }).filter((story) =>
  readFileSync(join(FOLDER, story), 'utf8').includes("from '../run-story.ts'"),
);

test('there are stories', () => {
  expect(stories.length).toBeGreaterThan(0);
});

describe.each(['memory', 'stdio'])('over %s', (transport) => {
  describe.each(['modern', 'legacy'])('%s', (era) => {
    test.each(stories)('%s holds', { timeout: 20_000 }, async (story) => {
      const flags = ['--conditions', '@trunkline/source', '--disable-warning=ExperimentalWarning'];
      const told = await run(process.execPath, [
        ...flags,
        join(FOLDER, story),
        '--transport',
        transport,
        '--era',
        era,
      ]);
      expect(told.stderr).toBe('');
    });
  });
});
