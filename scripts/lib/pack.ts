import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture } from './exec.ts';
import { root } from './workspace.ts';
import type { Member } from './workspace.ts';

/** A package as a registry would get it. */
export interface Packed extends Disposable {
  readonly tarball: string;
  /** The unpacked package. */
  readonly folder: string;
  /** The files in it, from `folder`. */
  readonly files: readonly string[];
}

/** Packs a built package into a temporary folder; disposing of it removes the folder. */
export function pack(member: Member): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-pack-'));
  const tarball = join(folder, 'package.tgz');
  capture('pnpm', ['pack', '--out', tarball], join(root, member.folder));
  const files = capture('tar', ['-tzf', 'package.tgz'], folder).trim().split(/\r?\n/);
  capture('tar', ['-xzf', 'package.tgz'], folder);
  return {
    tarball,
    folder: join(folder, 'package'),
    files: files
      .map((file) => file.replace(/^package\//, ''))
      .filter((file) => file !== '' && !file.endsWith('/')),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
