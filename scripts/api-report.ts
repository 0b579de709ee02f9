import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeEntry } from './lib/api-text.ts';
import { publicPackages, root } from './lib/workspace.ts';

// Started inside a package, it looks at that one only.
const update = process.argv.includes('--update');
const all = publicPackages();
const here = all.filter((member) => process.cwd() === join(root, member.folder));
const folder = join(root, 'api');
const expected = new Set<string>();
const complaints: string[] = [];

for (const member of here.length > 0 ? here : all) {
  for (const [subpath, source] of member.entries) {
    const { label, text, complaints: found } = await describeEntry(member, subpath, source);
    const file = join(folder, `${label}.api.md`);
    expected.add(`${label}.api.md`);
    complaints.push(...found.map((complaint) => `${label}: ${complaint}`));
    if ((existsSync(file) ? readFileSync(file, 'utf8') : undefined) === text) continue;
    if (update) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(file, text);
      console.log(`api: wrote api/${label}.api.md`);
    } else {
      complaints.push(
        `api/${label}.api.md is out of date: npm run api -- --update, then read the difference`,
      );
    }
  }
}
for (const stale of here.length > 0
  ? []
  : globSync('*.api.md', { cwd: folder }).filter((file) => !expected.has(file))) {
  if (update) rmSync(join(folder, stale));
  else complaints.push(`api/${stale} describes no entry: npm run api -- --update`);
}

for (const complaint of complaints) console.error(complaint);
if (complaints.length > 0) process.exitCode = 1;
console.log(`api: ${expected.size} entry points, ${complaints.length} complaints`);
