import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

/** The pages of the specification that are cited, by revision; a citation of any other page is a mistake or needs a line here. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  '2026-07-28': [
    'basic',
    'basic/authorization',
    'basic/authorization/authorization-server-discovery',
    'basic/authorization/client-registration',
    'basic/authorization/security-considerations',
    'basic/patterns/cancellation',
    'basic/patterns/mrtr',
    'basic/patterns/progress',
    'basic/patterns/subscriptions',
    'basic/transports',
    'basic/transports/stdio',
    'basic/transports/streamable-http',
    'basic/versioning',
    'client/elicitation',
    'client/roots',
    'client/sampling',
    'deprecated',
    'schema',
    'server/discover',
    'server/prompts',
    'server/resources',
    'server/tools',
    'server/utilities/caching',
    'server/utilities/completion',
    'server/utilities/logging',
    'server/utilities/pagination',
  ],
  '2025-11-25': [
    'basic',
    'basic/authorization',
    'basic/lifecycle',
    'basic/transports',
    'basic/utilities/cancellation',
    'basic/utilities/ping',
    'basic/utilities/progress',
    'basic/utilities/tasks',
    'client/elicitation',
    'client/roots',
    'client/sampling',
    'server/tools',
    'server/resources',
    'server/prompts',
    'server/utilities/logging',
  ],
};
const LINK = /modelcontextprotocol\.io\/specification\/(?<revision>[\d-]+)\/(?<page>[\w/-]+)/g;
const ROOT = join(import.meta.dirname, '..');

test('every cited page of the specification exists', () => {
  const cited = globSync('packages/*/{src/**/*.ts,README.md}', { cwd: ROOT }).flatMap((path) =>
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(LINK)].map(({ groups }) => ({
      path,
      ...(groups as { revision: string; page: string }),
    })),
  );
  expect(cited.length).toBeGreaterThan(50);
  const known = cited.filter(({ revision }) => revision in PAGES);
  expect(known.filter(({ revision, page }) => !PAGES[revision]?.includes(page))).toEqual([]);
});
