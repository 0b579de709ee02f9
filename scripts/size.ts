import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from './lib/pack.ts';
import { publicPackages, root } from './lib/workspace.ts';

// Started inside a package, it looks at that one only.
const all = publicPackages();
const here = all.filter((member) => process.cwd() === join(root, member.folder));

for (const member of here.length > 0 ? here : all) {
  using packed = pack(member);
  const modules = packed.files.filter((file) => file.endsWith('.js'));
  const code = modules.map((file) => readFileSync(join(packed.folder, file)));
  const raw = code.reduce((bytes, text) => bytes + text.length, 0);
  const zipped = gzipSync(Buffer.concat(code)).length;
  console.log(
    `${member.name}: ${modules.length} modules, ${kilobytes(raw)} of code, ${kilobytes(zipped)} zipped`,
  );
}
console.log('size: reports only. Not done yet: ceilings per bundle, and what a bundle must not contain.');

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
