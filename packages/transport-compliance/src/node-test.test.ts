import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = `
  import { describe, test } from 'node:test';
  import { SHARED, sharedLink } from '${new URL('reference/shared.ts', import.meta.url).href}';
  import { transportCompliance } from '${new URL('suite.ts', import.meta.url).href}';
  transportCompliance('reference', () => sharedLink(), SHARED, { describe, test });
`;

test('the suite runs under node:test, and shows why it skips', { timeout: 60_000 }, async () => {
  const flags = [
    '--conditions=@trunkline/source',
    '--expose-gc',
    '--test-reporter=tap',
    '--input-type=module',
  ];
  const { stdout } = await promisify(execFile)(process.execPath, [...flags, '--eval', program]);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(stdout).toMatch(/ok \d+ - memory does not grow with the messages that went by$/m);
  expect(stdout).toMatch(/ok \d+ - a lane that completes empty .* # SKIP all messages share one lane$/m);
});
