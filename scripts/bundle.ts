import { existsSync, globSync, rmSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { rolldown } from 'rolldown';
import { readWorkspace, root } from './lib/workspace.ts';

// Writes the JavaScript of the package in whose folder it is started: one file for each entry, and its dependencies stay
// imports (docs/adr/0011-one-file-per-entry.md). The declarations beside it are written by tsc.
const member = readWorkspace().find(({ folder }) => process.cwd() === join(root, folder));
if (!member) throw new Error('start this in the folder of a package');

const dist = join(process.cwd(), 'dist');
for (const file of globSync('**/*.js', { cwd: dist })) rmSync(join(dist, file));

// An entry that is planned has no source yet; the check of the packed package complains.
const entries = [...member.entries.values()].filter((entry) => existsSync(entry));
const bundle = await rolldown({
  cwd: process.cwd(),
  input: Object.fromEntries(entries.map((entry) => [relative('src', entry).replace(/\.ts$/, ''), entry])),
  external: (id) => !id.startsWith('.') && !isAbsolute(id),
  platform: 'neutral',
});
await bundle.write({
  dir: dist,
  format: 'esm',
  chunkFileNames: 'shared/[name].js',
  // A file more costs a start half a millisecond, however small it is.
  codeSplitting: { groups: [{ name: 'common', minShareCount: 2 }] },
  comments: { legal: true, annotation: true, jsdoc: false },
});
await bundle.close();
