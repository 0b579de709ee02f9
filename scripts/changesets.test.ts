import { cpSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { capture } from './lib/exec.ts';
import { tempTree } from './lib/temp-tree.ts';
import { publicPackages, readWorkspace, root } from './lib/workspace.ts';

// Versions are those after the first release, so that a change is judged as it will be from then on.
let released: Readonly<Record<string, string>>;

beforeAll(() => {
  using tree = skeleton();
  version(tree.folder);
  released = versions(tree.folder);
}, 60_000);

test('no package is released below 1.0.0', () => {
  expect(Object.entries(released).filter(([, found]) => found.startsWith('0.'))).toEqual([]);
  expect(Object.keys(released)).toEqual(publicPackages().map(({ name }) => name));
});

const transports = publicPackages().filter(({ name }) => /^@trunkline\/transport-(?!compliance)/.test(name));

test.for([
  ...transports.map(({ name }) => [name, 'patch'] as const),
  ['@trunkline/protocol', 'minor'] as const,
])('a %s changeset (%s) versions that package and nothing else', { timeout: 60_000 }, ([name, bump]) => {
  using tree = skeleton();
  version(tree.folder);
  const before = manifests(tree.folder);
  writeFileSync(join(tree.folder, '.changeset', 'one.md'), `---\n'${name}': ${bump}\n---\n\nA change.\n`);
  version(tree.folder);
  const after = manifests(tree.folder);
  const changed = Object.keys(after).filter((file) => after[file] !== before[file]);
  expect(changed).toEqual([`packages/${name.replace('@trunkline/', '')}/package.json`]);
  expect(versions(tree.folder)[name]).toBe(bumped(released[name] ?? '', bump));
});

test('no package is tied to the version of another', () => {
  const config = JSON.parse(readFileSync(join(root, '.changeset', 'config.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(config).toMatchObject({ fixed: [], linked: [] });
  for (const { folder, dependencies } of readWorkspace()) {
    const text = readFileSync(join(root, folder, 'package.json'), 'utf8');
    for (const dependency of dependencies.filter((name) => name.startsWith('@trunkline/'))) {
      expect(text).toContain(`"${dependency}": "workspace:^"`);
    }
  }
});

function skeleton(): ReturnType<typeof tempTree> {
  const tree = tempTree({});
  for (const file of [
    'package.json',
    'pnpm-workspace.yaml',
    'pnpm-lock.yaml',
    '.changeset',
    ...manifestFiles(root),
  ]) {
    cpSync(join(root, file), join(tree.folder, file), { recursive: true });
  }
  const git = (...args: readonly string[]): string => capture('git', args, tree.folder);
  git('init', '--quiet', '--initial-branch=main');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@invalid', 'commit', '--quiet', '--message=skeleton');
  return tree;
}

function version(folder: string): void {
  capture('node', [join(root, 'node_modules', '@changesets', 'cli', 'bin.js'), 'version'], folder);
}

function bumped(from: string, bump: 'patch' | 'minor'): string {
  const [major = 0, minor = 0, patch = 0] = from.split('.').map(Number);
  return bump === 'patch' ? `${major}.${minor}.${patch + 1}` : `${major}.${minor + 1}.0`;
}

function versions(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(publicPackages(folder).map((member) => [member.name, member.version]));
}

function manifests(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    manifestFiles(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]),
  );
}

function manifestFiles(folder: string): readonly string[] {
  return globSync(['packages/*/package.json', 'apps/*/package.json', 'tests/package.json'], {
    cwd: folder,
  }).toSorted();
}
