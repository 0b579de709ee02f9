import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The folder of the repository. */
export const root: string = dirname(dirname(import.meta.dirname));

/** One member of the workspace, as its package.json describes it. */
export interface Member {
  /** `@trunkline/transport-http`. */
  readonly name: string;
  /** Where it lives, from the root, with forward slashes: `packages/transport-http`. */
  readonly folder: string;
  readonly private: boolean;
  readonly version: string;
  /** Entry points: `.` and `./node` to the source file behind each, from the member's folder. */
  readonly entries: ReadonlyMap<string, string>;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** Finds every member below `base`; nothing has to be listed anywhere. */
export function readWorkspace(base: string = root): readonly Member[] {
  return globSync(['packages/*/package.json', 'apps/*/package.json', 'tests/package.json'], { cwd: base })
    .map((file) => readMember(base, dirname(file).replaceAll('\\', '/')))
    .toSorted((a, b) => (a.folder < b.folder ? -1 : 1));
}

/** The members that are published. */
export function publicPackages(base: string = root): readonly Member[] {
  return readWorkspace(base).filter((member) => !member.private);
}

/** Whether a package has no code yet: its `.` exports nothing. */
export function isPlaceholder(member: Member, base: string = root): boolean {
  const entry = join(base, member.folder, member.entries.get('.') ?? 'src/index.ts');
  return !existsSync(entry) || readFileSync(entry, 'utf8').trim() === 'export {};';
}

/** The name of an entry's API report and size line: `transport-http` or `transport-http.node`. */
export function entryLabel(member: Member, subpath: string): string {
  const short = member.name.replace('@trunkline/', '');
  return subpath === '.' ? short : `${short}.${subpath.slice(2).replaceAll('/', '.')}`;
}

function readMember(base: string, folder: string): Member {
  const manifest = JSON.parse(readFileSync(join(base, folder, 'package.json'), 'utf8')) as Manifest;
  const entries = new Map<string, string>();
  for (const [subpath, target] of Object.entries(manifest.exports ?? {})) {
    if (typeof target === 'object' && target['@trunkline/source']) {
      entries.set(subpath, target['@trunkline/source'].replace('./', ''));
    }
  }
  return {
    name: manifest.name,
    folder,
    private: manifest.private ?? false,
    version: manifest.version,
    entries,
    dependencies: Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }),
    devDependencies: Object.keys(manifest.devDependencies ?? {}),
  };
}
