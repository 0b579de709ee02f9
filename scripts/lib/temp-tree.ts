import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes files into a new folder of the system's temporary one; disposing of it removes the folder. */
export function tempTree(files: Readonly<Record<string, string>>): Disposable & { readonly folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
