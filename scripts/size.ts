import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { bundles, weigh } from './lib/bundles.ts';
import { pack } from './lib/pack.ts';
import { publicPackages, root } from './lib/workspace.ts';

// Started inside a package, it looks at that one only.
const all = publicPackages();
const here = all.filter((member) => process.cwd() === join(root, member.folder));
const members = here.length > 0 ? here : all;
let complaints = 0;

for (const member of members) {
  using packed = pack(member);
  const modules = packed.files.filter((file) => file.endsWith('.js'));
  const code = modules.map((file) => readFileSync(join(packed.folder, file)));
  const raw = code.reduce((bytes, text) => bytes + text.length, 0);
  const zipped = gzipSync(Buffer.concat(code)).length;
  console.log(
    `${member.name}: ${modules.length} modules, ${kilobytes(raw)} of code, ${kilobytes(zipped)} zipped`,
  );
}

for (const bundle of bundles.filter(({ of }) => members.some(({ name }) => name === of))) {
  const { raw, zipped, intruders } = await weigh(bundle);
  const { name, ceiling, goal = ceiling } = bundle;
  const aim = zipped > goal ? `, the goal is ${goal}` : '';
  console.log(`bundle "${name}": ${zipped} bytes zipped of ${raw}, the ceiling is ${ceiling}${aim}`);
  for (const what of intruders) complain(`bundle "${name}" contains ${what}`);
  if (zipped > ceiling) complain(`bundle "${name}" is ${zipped - ceiling} bytes over its ceiling`);
}

function complain(complaint: string): void {
  complaints += 1;
  console.error(`size: ${complaint}`);
}

process.exitCode = complaints > 0 ? 1 : 0;

function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
