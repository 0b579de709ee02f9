import {
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { publicPackages, root } from './lib/workspace.ts';

/** What goes with the legacy era. */
const legacy = [
  'packages/protocol/src/revision/legacy*.ts',
  'packages/session/src/era/legacy*.ts',
  'packages/transport-http/src/legacy',
  'packages/transport-sse',
];

/** The places that list the eras and would be edited by hand; nothing else may notice the deletion. */
const registries = [
  'packages/protocol/src/revision/codecs.ts',
  'packages/session/src/era/eras.ts',
  'packages/transport-http/src/eras.ts',
];

const scratch = mkdtempSync(join(tmpdir(), 'trunkline-drill-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

copySources();
const before = failures();
if (before.size > 0) {
  console.error(`The drill needs sources that compile; these do not: ${[...before.keys()].join(', ')}`);
  process.exit(1);
}
const removed: string[] = [];
for (const pattern of legacy) {
  const found = globSync(pattern, { cwd: scratch });
  if (found.length === 0) console.log(`drill: ${pattern} does not exist`);
  removed.push(...found);
}
if (removed.length === 0)
  throw new Error('the drill found nothing to delete: its list of legacy files is out of date');
for (const path of removed) rmSync(join(scratch, path), { recursive: true });
const after = failures();
const leaks = [...after].filter(([file]) => !registries.includes(file));
for (const [file, message] of leaks) console.error(`legacy has leaked into ${file}: ${message}`);
const touched = [...after.keys()].filter((file) => registries.includes(file));
console.log(`drill: deleted ${removed.join(', ')}`);
console.log(
  `drill: ${touched.length} registries to edit (${touched.join(', ') || 'none'}), ${leaks.length} leaks`,
);
process.exitCode = leaks.length > 0 ? 1 : 0;

/** Copies what the compiler reads; third-party packages are reached through a link to the real node_modules. */
function copySources(): void {
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'), 'junction');
  for (const { folder } of publicPackages()) {
    for (const part of ['src', 'package.json', 'node_modules']) {
      const from = join(root, folder, part);
      if (existsSync(from))
        cpSync(from, join(scratch, folder, part), { recursive: true, verbatimSymlinks: true });
    }
  }
  cpSync(join(root, 'tsconfig.base.json'), join(scratch, 'tsconfig.base.json'));
  const settings = {
    extends: './tsconfig.base.json',
    compilerOptions: {
      noEmit: true,
      noUnusedLocals: false,
      types: ['node'],
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: ['packages/*/src/**/*.ts'],
    exclude: ['**/*.test.ts', '**/node_modules'],
  };
  writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(settings));
}

/** Type-checks the scratch copy: each file that fails, with its first message. */
function failures(): ReadonlyMap<string, string> {
  const tsc = JSON.parse(
    readFileSync(join(root, 'node_modules', 'typescript', 'package.json'), 'utf8'),
  ) as Bin;
  const entry = join(root, 'node_modules', 'typescript', tsc.bin.tsc);
  const run = spawnSync(process.execPath, [entry, '-p', scratch, '--pretty', 'false'], {
    cwd: scratch,
    encoding: 'utf8',
  });
  const found = new Map<string, string>();
  for (const [, file, message] of run.stdout.matchAll(/^(\S[^(]*)\(\d+,\d+\): error (.*)$/gm)) {
    if (file && message && !found.has(file)) found.set(file, message);
  }
  if (run.status !== 0 && found.size === 0) throw new Error(`tsc failed: ${run.stdout}${run.stderr}`);
  return found;
}

interface Bin {
  readonly bin: { readonly tsc: string };
}
