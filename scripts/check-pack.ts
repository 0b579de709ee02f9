import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { attempt } from './lib/exec.ts';
import { pack } from './lib/pack.ts';
import type { Packed } from './lib/pack.ts';
import { isPlaceholder, publicPackages, root } from './lib/workspace.ts';
import type { Member } from './lib/workspace.ts';

// Started inside a package, it looks at that one only.
const all = publicPackages();
const here = all.filter((member) => process.cwd() === join(root, member.folder));
const complaints: string[] = [];
const judges = [
  ['publint', '--strict'],
  ['attw', '--profile', 'esm-only', '--format', 'ascii', '--no-emoji', '--no-color'],
] as const;

for (const member of here.length > 0 ? here : all) {
  using packed = pack(member);
  complaints.push(...complaintsAbout(member, packed).map((complaint) => `${member.name}: ${complaint}`));
  for (const [tool, ...args] of judges) {
    const verdict = attempt(tool, [packed.tarball, ...args]);
    if (verdict) complaints.push(`${member.name}: ${tool} says\n${verdict}`);
  }
}

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
console.log(`packed packages: ${complaints.length} complaints`);

function complaintsAbout(member: Member, { files, folder }: Packed): readonly string[] {
  const found: string[] = [];
  const wanted = ['LICENSE', 'package.json', ...(isPlaceholder(member) ? [] : ['README.md'])];
  for (const file of wanted.filter((name) => !files.includes(name))) found.push(`the package lacks ${file}`);
  for (const file of files) {
    const allowed = /^dist\/.+\.(?:js|d\.ts)$|^(?:LICENSE|README\.md|CHANGELOG\.md|package\.json)$/.test(
      file,
    );
    if (!allowed || /\.test\.|fixtures\//.test(file))
      found.push(`the package holds ${file}, which no user needs`);
    const source = file.replace(/^dist\//, 'src/').replace(/\.d\.ts$/, '.ts');
    if (allowed && file.endsWith('.d.ts') && !existsSync(join(root, member.folder, source))) {
      found.push(
        `the package holds ${file}, whose source is gone: delete ${member.folder}/dist and build again`,
      );
    }
  }
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  for (const leftover of ['@trunkline/source', 'workspace:', 'catalog:']) {
    if (manifest.includes(leftover)) found.push(`its package.json still says '${leftover}'`);
  }
  if (!manifest.includes('"sideEffects": false')) found.push(`its package.json lacks "sideEffects": false`);
  return found;
}
