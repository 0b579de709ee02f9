import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** A program in one file, for a runtime that knows nothing of this repository. */
export interface Bundled extends Disposable {
  readonly folder: string;
  readonly file: string;
  readonly code: string;
}

/** Bundles a program from the built packages, as a user's bundler does; `source` may import the files of this folder. */
export async function bundle(source: string): Promise<Bundled> {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-runtime-'));
  const build = await rolldown({
    input: 'program',
    cwd: import.meta.dirname,
    platform: 'browser',
    resolve: { conditionNames: ['browser', 'import', 'default'] },
    plugins: [
      {
        name: 'program',
        resolveId: (id) => (id === 'program' ? join(import.meta.dirname, 'program.ts') : undefined),
        load: (id) => (id === join(import.meta.dirname, 'program.ts') ? source : undefined),
      },
    ],
  });
  const { output } = await build.generate({ format: 'esm', codeSplitting: false });
  await build.close();
  const { code } = output[0];
  if (/\bnode:/.test(code)) throw new Error('the bundle for the web imports from Node');
  const file = join(folder, 'program.mjs');
  writeFileSync(file, code);
  return { folder, file, code, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
