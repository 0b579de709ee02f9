import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { errorFamilies } from './errors-page.ts';

const ROOT = join(import.meta.dirname, '..');
const tests = globSync(
  [
    'packages/*/src/**/*.test.ts',
    'packages/transport-compliance/src/cases/*.ts',
    'packages/*/src/compliance/*.ts',
    'tests/**/*.ts',
  ],
  { cwd: ROOT },
)
  .map((path) => readFileSync(join(ROOT, path), 'utf8'))
  .join('\n');

test('there are families of errors', () => {
  expect(errorFamilies().map(({ name }) => name)).toEqual(
    expect.arrayContaining(['ProtocolError', 'SessionError', 'TransportError']),
  );
});

test.each(errorFamilies().flatMap(({ name, codes }) => codes.map((code) => ({ name, ...code }))))(
  '$name $code is explained and met in a test',
  ({ code, meaning }) => {
    expect(meaning).not.toBe('');
    expect(tests).toContain(`'${code}'`);
  },
);
