import { execFile } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { isPlaceholder, publicPackages, type Member } from '../scripts/lib/workspace.ts';

/** Each package, packed and installed in an empty folder, brings what it needs and nothing else, and loads. */
const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..');
const packages = publicPackages().filter((member) => !isPlaceholder(member));
const byName = new Map(packages.map((member) => [member.name, member]));
const tarballs = mkdtempSync(join(tmpdir(), 'trunkline-tarballs-'));
const packed = new Map<string, Promise<string>>();

afterAll(() => rmSync(tarballs, { recursive: true, force: true }));

describe.each(packages)('$name alone', (member) => {
  test('installs only what was asked for, and every entry loads', { timeout: 120_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trunkline-alone-'));
    try {
      const ours = closureOf(member);
      await install(folder, member, ours);
      const asked = ours.flatMap(({ folder: at }) => outsideDependencies(at));
      const installed = installedIn(folder);
      expect(installed.filter((name) => !byName.has(name)).toSorted()).toEqual(
        [...new Set(await withTheirs(folder, asked))].toSorted(),
      );
      expect(installed.filter((name) => byName.has(name)).toSorted()).toEqual(
        ours.map(({ name }) => name).toSorted(),
      );
      for (const entry of loadable(member)) {
        const program = `import * as entry from '${entry}'; if (Object.keys(entry).length === 0) throw new Error('exports nothing');`;
        await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** A package and everything of ours that it needs. */
function closureOf(member: Member, seen: Set<Member> = new Set()): Member[] {
  if (seen.has(member)) return [...seen];
  seen.add(member);
  for (const name of Object.keys(manifestOf(member.folder).dependencies ?? {})) {
    const dependency = byName.get(name);
    if (dependency) closureOf(dependency, seen);
  }
  return [...seen];
}

async function install(folder: string, member: Member, ours: readonly Member[]): Promise<void> {
  const files = Object.fromEntries(
    await Promise.all(ours.map(async (each) => [each.name, `file:${await tarballOf(each)}`] as const)),
  );
  const manifest = {
    name: 'alone',
    private: true,
    dependencies: { [member.name]: files[member.name] },
    overrides: files,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  await run(
    'npm',
    [
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-package-lock',
      '--prefer-offline',
      '--omit=optional',
      '--omit=peer',
    ],
    { cwd: folder },
  );
}

function tarballOf({ folder, name }: Member): Promise<string> {
  const known = packed.get(name);
  if (known) return known;
  const tarball = join(tarballs, `${name.replaceAll(/\W+/g, '-')}.tgz`);
  const made = run('pnpm', ['pack', '--out', tarball], { cwd: join(ROOT, folder) }).then(() => tarball);
  packed.set(name, made);
  return made;
}

function installedIn(folder: string): string[] {
  return globSync('node_modules/{*,@*/*}/package.json', { cwd: folder }).map((path) =>
    dirname(path).slice('node_modules/'.length).replaceAll('\\', '/'),
  );
}

/** What the asked-for packages of others need themselves. */
async function withTheirs(
  folder: string,
  names: readonly string[],
  seen: Set<string> = new Set(),
): Promise<string[]> {
  for (const name of names) {
    if (seen.has(name)) continue;
    seen.add(name);
    const manifest = JSON.parse(
      readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'),
    ) as Manifest;
    await withTheirs(folder, Object.keys(manifest.dependencies ?? {}), seen);
  }
  return [...seen];
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

function outsideDependencies(folder: string): string[] {
  return Object.keys(manifestOf(folder).dependencies ?? {}).filter((name) => !byName.has(name));
}

/** Every entry that needs no optional peer. */
function loadable(member: Member): string[] {
  const optional = Object.keys(manifestOf(member.folder).peerDependencies ?? {}).length > 0;
  return [...member.entries.keys()]
    .filter((subpath) => subpath === '.' || !optional)
    .map((subpath) => join(member.name, subpath));
}
