import { existsSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, normalize } from 'node:path/posix';
import { findCycles } from './lib/cycles.ts';
import { forbidden, isTransport, shortName } from './lib/layers.ts';
import { report, syntaxFinding } from './lib/report.ts';
import type { Finding } from './lib/report.ts';
import { findSources, readSource } from './lib/source.ts';
import type { Import, Source } from './lib/source.ts';
import { readWorkspace, root } from './lib/workspace.ts';
import type { Member } from './lib/workspace.ts';

/** Checks the direction of every import below `base` against the rules A1 to A9 of CONTRIBUTING.md. */
export function checkArrows(base: string): { files: number; findings: readonly Finding[] } {
  const members = readWorkspace(base);
  const graph = new Map<string, readonly string[]>();
  const findings: Finding[] = [];
  for (const member of members) {
    const sources = findSources(base, [`${member.folder}/**/*.ts`]).map((file) => readSource(base, file));
    for (const source of sources) {
      findings.push(...syntaxFinding(source));
      graph.set(source.file, [...checkImports(base, members, member, source, findings)]);
      checkWords(member, source, findings);
    }
    checkManifest(members, member, sources, findings);
  }
  for (const cycle of findCycles(graph)) {
    findings.push({
      file: cycle[0] ?? '',
      line: 1,
      rule: 'A4',
      message: `import cycle: ${[...cycle, cycle[0]].join(' → ')}`,
    });
  }
  return { files: graph.size, findings };
}

function checkImports(
  base: string,
  members: readonly Member[],
  member: Member,
  source: Source,
  findings: Finding[],
): ReadonlySet<string> {
  const edges = new Set<string>();
  for (const imported of source.imports) {
    const add = (rule: string, message: string): void => {
      findings.push({ file: source.file, line: imported.line, rule, message });
    };
    if (imported.specifier.startsWith('.')) edges.add(checkRelative(member, source, imported, add));
    else if (isBuiltin(imported.specifier)) checkBuiltin(member, source, imported, add);
    else edges.add(checkPackage(members, member, source, imported, add) ?? source.file);
  }
  edges.delete(source.file);
  return new Set([...edges].filter((file) => existsSync(join(base, file))));
}

type Add = (rule: string, message: string) => void;

function checkRelative(member: Member, source: Source, imported: Import, add: Add): string {
  const target = normalize(join(dirname(source.file), imported.specifier));
  const inside = target.startsWith(`${member.folder}/`) || (member.private && target.startsWith('scripts/'));
  if (!inside) add('A3', `'${imported.specifier}' leaves the package: import another package by its name`);
  if (target === `${member.folder}/src/index.ts` && !isTest(source.file)) {
    add('A4', `'${imported.specifier}' is this package's own barrel: import the file that declares the name`);
  }
  if (
    member.folder.startsWith('packages/') &&
    isNodeFile(member, target) &&
    !mayUseNode(member, source.file)
  ) {
    add('A6', `'${imported.specifier}' is for Node only and would reach every user of this entry`);
  }
  return target;
}

function checkBuiltin(member: Member, source: Source, { specifier }: Import, add: Add): void {
  if (mayUseNode(member, source.file)) return;
  add(
    'A6',
    `'${specifier}' is for Node only: it belongs in transport-stdio, a ./node entry, cli, apps or tests`,
  );
}

function checkPackage(
  members: readonly Member[],
  member: Member,
  source: Source,
  imported: Import,
  add: Add,
): string | undefined {
  const [name, subpath] = splitSpecifier(imported.specifier);
  const dev = isTest(source.file) || member.private;
  if (name === member.name) {
    if (dev) return undefined;
    add('A4', `'${imported.specifier}' is this package itself: import the file that declares the name`);
    return undefined;
  }
  const declared = [...member.dependencies, ...(dev ? ['vitest', ...member.devDependencies] : [])];
  const typesOnly = imported.typeOnly && declared.includes(`@types/${name}`);
  if (!declared.includes(name) && !typesOnly)
    add('A5', `'${name}' is not in the dependencies of ${member.name}`);
  const target = members.find((candidate) => candidate.name === name);
  if (!target) {
    if (name.startsWith('@trunkline/')) add('A3', `'${name}' is no package of this workspace`);
    return undefined;
  }
  const verdict = forbidden(member, target, dev);
  if (verdict) add(verdict.rule, `'${imported.specifier}': ${verdict.reason}`);
  else checkNarrow(member, target, source, imported, add);
  const entry = target.entries.get(subpath);
  if (!entry)
    add('A3', `'${imported.specifier}' is not an entry of ${name}: its exports list ${list(target)}`);
  return entry && `${target.folder}/${entry}`;
}

function checkNarrow(member: Member, target: Member, source: Source, imported: Import, add: Add): void {
  if (member.name === '@trunkline/session' && target.name === '@trunkline/transport') {
    if (imported.typeOnly || isTest(source.file)) return;
    add('A1', `'${imported.specifier}': session takes types only from transport (import type)`);
  }
  const seller = ['@trunkline/server-fast', '@trunkline/client-group'].includes(member.name);
  if (
    seller &&
    isTransport(shortName(target.name)) &&
    !isTest(source.file) &&
    !isTestingEntry(member, source.file)
  ) {
    add('A9', `'${imported.specifier}': the memory transport is for ./testing only`);
  }
}

function checkWords(member: Member, source: Source, findings: Finding[]): void {
  if (!member.folder.startsWith('packages/')) return;
  const { file } = source;
  const home =
    file.startsWith('packages/protocol/src/revision/') || file.startsWith('packages/session/src/era/');
  for (const { text, line } of home || isTest(file) ? [] : source.strings) {
    if (!/^202[4-9]-/.test(text)) continue;
    const message = `'${text}' names a revision outside protocol/src/revision and session/src/era: ask the era instead`;
    findings.push({ file, line, rule: 'A7', message });
  }
  if (member.name !== '@trunkline/session') return;
  const names = source.strings.filter(({ text }) => /^\w+$/.test(text));
  for (const { text, line } of [...source.identifiers, ...names]) {
    const leak = wordsOf(text).find((word) => /^(https?|sse|headers?)$/.test(word));
    if (!leak) continue;
    const message = `'${text}' says ${leak}: a session does not know what carries its messages`;
    findings.push({ file, line, rule: 'A8', message });
  }
}

function checkManifest(
  members: readonly Member[],
  member: Member,
  sources: readonly Source[],
  findings: Finding[],
): void {
  const started = sources.some((source) => !isTest(source.file) && source.identifiers.length > 0);
  const used = new Set(
    sources.flatMap((source) => source.imports.map(({ specifier }) => splitSpecifier(specifier)[0])),
  );
  const add = (rule: string, message: string): void => {
    findings.push({ file: `${member.folder}/package.json`, line: 1, rule, message });
  };
  for (const [names, dev] of [
    [member.dependencies, member.private],
    [member.devDependencies, true],
  ] as const) {
    for (const name of names) {
      const target = members.find((candidate) => candidate.name === name);
      const verdict = target && forbidden(member, target, dev);
      if (verdict) add(verdict.rule, `depends on ${name}: ${verdict.reason}`);
      else if (started && !dev && !used.has(name)) add('A5', `depends on ${name} but never imports it`);
    }
  }
}

function splitSpecifier(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  const rest = parts.slice(length).join('/');
  return [parts.slice(0, length).join('/'), rest ? `./${rest}` : '.'];
}

function wordsOf(identifier: string): readonly string[] {
  return identifier
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[\s_$#]+/);
}

function mayUseNode(member: Member, file: string): boolean {
  if (!member.folder.startsWith('packages/') || isTest(file)) return true;
  return ['@trunkline/transport-stdio', '@trunkline/cli'].includes(member.name) || isNodeFile(member, file);
}

function isNodeFile(member: Member, file: string): boolean {
  return file === `${member.folder}/src/node.ts` || file.startsWith(`${member.folder}/src/node/`);
}

function isTestingEntry(member: Member, file: string): boolean {
  return file === `${member.folder}/src/testing.ts` || file.startsWith(`${member.folder}/src/testing/`);
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file.includes('/fixtures/');
}

function list(member: Member): string {
  return [...member.entries.keys()].join(', ') || 'nothing';
}

if (import.meta.main) {
  const { files, findings } = checkArrows(root);
  report('arrows', `${files} files`, findings);
}
