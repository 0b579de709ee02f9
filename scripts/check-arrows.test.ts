import { expect, test } from 'vitest';
import { checkArrows } from './check-arrows.ts';
import { tempTree } from './lib/temp-tree.ts';

interface Fixture {
  readonly dependencies?: readonly string[];
  readonly devDependencies?: readonly string[];
  readonly entries?: Readonly<Record<string, string>>;
}

const sound: Readonly<Record<string, Fixture>> = {
  protocol: {},
  transport: { dependencies: ['protocol'] },
  'transport-compliance': { dependencies: ['transport'] },
  session: { dependencies: ['protocol', 'transport'] },
  'transport-memory': { dependencies: ['transport'], devDependencies: ['transport-compliance'] },
  'transport-ws': { dependencies: ['transport'], entries: { './node': 'src/node.ts' } },
  'server-fast': {
    dependencies: ['session', 'transport-memory'],
    entries: { './testing': 'src/testing.ts' },
  },
};

const files: Readonly<Record<string, string>> = {
  'packages/protocol/src/index.ts': `export { LATEST } from './revision/index.ts';`,
  'packages/protocol/src/revision/index.ts': `export const LATEST = '2026-07-28';`,
  'packages/transport/src/index.ts': `export type { Transport } from './transport.ts';\nexport const kit = 1;`,
  'packages/transport/src/transport.ts': `import type {} from '@trunkline/protocol';\nexport interface Transport {}`,
  'packages/transport-compliance/src/index.ts': `import { kit } from '@trunkline/transport';\nexport const suite = kit;`,
  'packages/session/src/index.ts': `export { client } from './client.ts';`,
  'packages/session/src/client.ts': [
    `import { LATEST } from '@trunkline/protocol';`,
    `import type { Transport } from '@trunkline/transport';`,
    `export const client = (transport: Transport) => [transport, LATEST];`,
  ].join('\n'),
  'packages/transport-memory/src/index.ts': `import { kit } from '@trunkline/transport';\nexport const pair = kit;`,
  'packages/transport-memory/src/index.test.ts': `import { suite } from '@trunkline/transport-compliance';\nsuite;`,
  'packages/transport-ws/src/index.ts': `import { kit } from '@trunkline/transport';\nexport const ws = kit;`,
  'packages/transport-ws/src/node.ts': `import { Socket } from 'node:net';\nexport const listen = Socket;`,
  'packages/server-fast/src/index.ts': `import { client } from '@trunkline/session';\nexport const server = client;`,
  'packages/server-fast/src/testing.ts': `import { pair } from '@trunkline/transport-memory';\nexport const inside = pair;`,
};

function check(
  changes: Readonly<Record<string, string>> = {},
  manifests: Readonly<Record<string, Fixture>> = {},
): readonly string[] {
  const packages = { ...sound, ...manifests };
  const written = Object.entries(packages).map(([name, fixture]) => [
    `packages/${name}/package.json`,
    manifest(name, fixture),
  ]);
  using tree = tempTree({ ...Object.fromEntries(written), ...files, ...changes });
  return checkArrows(tree.folder).findings.map(({ rule, file }) => `${rule} ${file}`);
}

function manifest(name: string, { dependencies = [], devDependencies = [], entries = {} }: Fixture): string {
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((dependency) => [scoped(dependency), 'workspace:^']));
  const exported = Object.entries({ '.': 'src/index.ts', ...entries }).map(([subpath, file]) => [
    subpath,
    { '@trunkline/source': `./${file}`, default: './dist/index.js' },
  ]);
  return JSON.stringify({
    name: scoped(name),
    version: '1.0.0',
    exports: Object.fromEntries(exported),
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  });
}

function scoped(name: string): string {
  return name === 'zod' ? name : `@trunkline/${name}`;
}

test('a workspace whose arrows point down has no findings', () => {
  expect(check()).toEqual([]);
});

test('A1: an import that points up fails', () => {
  const file = 'packages/protocol/src/up.ts';
  const changes = { [file]: `export { kit } from '@trunkline/transport';` };
  expect(check(changes, { protocol: { dependencies: ['transport'] } })).toContain(`A1 ${file}`);
});

test('A1: a value that session takes from transport fails', () => {
  const file = 'packages/session/src/kit.ts';
  expect(check({ [file]: `import { kit } from '@trunkline/transport';\nexport const k = kit;` })).toEqual([
    `A1 ${file}`,
  ]);
  expect(check({ [file]: `import { type Transport } from '@trunkline/transport';` })).toEqual([`A1 ${file}`]);
});

test('A1: a package that nobody placed in a layer fails', () => {
  const changes = { 'packages/odd/src/index.ts': `export type { Transport } from '@trunkline/transport';` };
  expect(check(changes, { odd: { dependencies: ['transport'] } })).toContain('A1 packages/odd/src/index.ts');
});

test('A2: a transport that imports session fails, and the other way round', () => {
  const down = 'packages/transport-ws/src/s.ts';
  const changes = {
    [down]: `import type { client } from '@trunkline/session';\nexport type C = typeof client;`,
  };
  expect(check(changes, { 'transport-ws': { dependencies: ['transport', 'session'] } })).toContain(
    `A2 ${down}`,
  );
  const up = 'packages/session/src/ws.ts';
  const other = { [up]: `export const load = () => import('@trunkline/transport-ws');` };
  const session = { dependencies: ['protocol', 'transport', 'transport-ws'] };
  expect(check(other, { session })).toContain(`A2 ${up}`);
});

test('A3: an import of another package by path, or of an entry it does not list, fails', () => {
  const file = 'packages/session/src/deep.ts';
  const byPath = `export { LATEST } from '../../protocol/src/revision/index.ts';`;
  expect(check({ [file]: byPath })).toContain(`A3 ${file}`);
  expect(check({ [file]: `export { LATEST } from '@trunkline/protocol/src/index.ts';` })).toEqual([
    `A3 ${file}`,
  ]);
  expect(check({ [file]: `export { LATEST } from '@trunkline/protocol/revision';` })).toEqual([`A3 ${file}`]);
});

test('A4: a cycle fails, also of types only', () => {
  const changes = {
    'packages/session/src/a.ts': `import type { B } from './b.ts';\nexport interface A { b: B }`,
    'packages/session/src/b.ts': `import type { A } from './a.ts';\nexport interface B { a: A }`,
  };
  expect(check(changes)).toEqual(['A4 packages/session/src/a.ts']);
});

test('A4: an import of the own barrel or the own name fails', () => {
  const file = 'packages/session/src/loop.ts';
  expect(
    check({ [file]: `import type { client } from './index.ts';\nexport type C = typeof client;` }),
  ).toEqual([`A4 ${file}`]);
  expect(check({ [file]: `export { client } from '@trunkline/session';` })).toEqual([`A4 ${file}`]);
});

test('A5: devDependencies and undeclared or unused dependencies fail', () => {
  const manifestOf = (name: string): string => `A5 packages/${name}/package.json`;
  const ws = 'packages/transport-ws/src/index.ts';
  const suite = `import { suite } from '@trunkline/transport-compliance';\nexport const ws = suite;`;
  const withSuite = { 'transport-ws': { dependencies: ['transport', 'transport-compliance'] } };
  expect(check({ [ws]: suite }, withSuite)).toEqual(
    expect.arrayContaining([`A5 ${ws}`, manifestOf('transport-ws')]),
  );
  const session = { dependencies: ['protocol', 'transport'], devDependencies: ['transport-compliance'] };
  expect(check({}, { session })).toEqual([manifestOf('session')]);
  expect(check({ [ws]: `import 'zod';\nimport '@trunkline/transport';\nexport const ws = 1;` })).toEqual([
    `A5 ${ws}`,
  ]);
  expect(check({}, { protocol: { dependencies: ['zod'] } })).toEqual([manifestOf('protocol')]);
});

test('A6: a Node module outside stdio, ./node, cli, apps and tests fails, also by a detour', () => {
  const file = 'packages/session/src/fs.ts';
  expect(check({ [file]: `import { readFile } from 'node:fs';\nexport const r = readFile;` })).toEqual([
    `A6 ${file}`,
  ]);
  expect(check({ [file]: `import { readFile } from 'fs';\nexport const r = readFile;` })).toEqual([
    `A6 ${file}`,
  ]);
  const detour = 'packages/transport-ws/src/detour.ts';
  expect(check({ [detour]: `export { listen } from './node.ts';` })).toEqual([`A6 ${detour}`]);
});

test('A7: a revision outside its two homes fails', () => {
  for (const revision of ['2024-11-05', '2025-06-18', '2026-07-28']) {
    const file = 'packages/transport-ws/src/revision.ts';
    expect(check({ [file]: `export const revision = '${revision}';` })).toEqual([`A7 ${file}`]);
    expect(check({ [file]: `export const revision = \`${revision}\`;` })).toEqual([`A7 ${file}`]);
    expect(check({ 'packages/session/src/era/era.ts': `export const revision = '${revision}';` })).toEqual(
      [],
    );
  }
});

test('A8: a word of a binding in session fails', () => {
  const file = 'packages/session/src/leak.ts';
  for (const word of ['http', 'isHttp', 'sseStream', 'headers', 'HTTPHeader', '#header']) {
    expect(check({ [file]: `export class Leak { ${word} = 1; }` })).toEqual([`A8 ${file}`]);
  }
  expect(check({ [file]: `export const leak = (name: string) => name === 'http';` })).toEqual([`A8 ${file}`]);
  expect(check({ [file]: `export const lassened = 1; // http is a fine word in a comment` })).toEqual([]);
});

test('A9: what users touch imports no transport, and the memory one on ./testing only', () => {
  const file = 'packages/server-fast/src/listen.ts';
  const ws = {
    'server-fast': { ...sound['server-fast'], dependencies: ['session', 'transport-memory', 'transport-ws'] },
  };
  expect(
    check({ [file]: `import { ws } from '@trunkline/transport-ws';\nexport const l = ws;` }, ws),
  ).toContain(`A9 ${file}`);
  const memory = `import { pair } from '@trunkline/transport-memory';\nexport const l = pair;`;
  expect(check({ [file]: memory })).toEqual([`A9 ${file}`]);
});
