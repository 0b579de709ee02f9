import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { publicPackages, root } from '../scripts/lib/workspace.ts';

const run = promisify(execFile);
const node = join('bin', process.platform === 'win32' ? 'node.exe' : 'node');
const nodes = {
  20: join(import.meta.dirname, 'node_modules', 'node20', node),
  22: join(import.meta.dirname, 'node_modules', 'node22', node),
  24: join(root, 'node_modules', 'node', node),
  26: join(import.meta.dirname, 'node_modules', 'node26', node),
};

const entries = publicPackages().flatMap(({ folder, entries: sources }) =>
  [...sources.values()].map((source) => join(root, folder, source.replace(/^src(.*)\.ts$/, 'dist$1.js'))),
);

beforeAll(() => {
  const missing = entries.filter((entry) => !existsSync(entry));
  if (missing.length > 0) throw new Error(`not built: ${missing.join(', ')} (npm run build)`);
});

describe.each(Object.entries(nodes))('Node %s', (major, binary) => {
  test('is the Node it claims to be', async () => {
    const { stdout } = await run(binary, ['--print', 'process.versions.node']);
    expect(stdout.split('.')[0]).toBe(major);
  });

  test(
    'imports every built entry point, prints nothing and exits by itself',
    { timeout: 30_000 },
    async () => {
      const imports = entries.map((entry) => `await import(${JSON.stringify(pathToFileURL(entry).href)});`);
      const { stdout, stderr } = await run(binary, ['--input-type=module', '--eval', imports.join('\n')]);
      expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
    },
  );
});
