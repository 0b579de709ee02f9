import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';
import { exportBudget } from './budgets.ts';
import { entryLabel, root } from './workspace.ts';
import type { Member } from './workspace.ts';

/** What an entry point offers. */
export interface EntryReport {
  readonly label: string;
  readonly text: string;
  /** What is wrong with it, whatever the report in git says. */
  readonly complaints: readonly string[];
}

const compilerOptions = {
  target: 'ES2023',
  lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** Describes one entry point of a built package, from its declarations and from what importing it yields. */
export async function describeEntry(member: Member, subpath: string, source: string): Promise<EntryReport> {
  const label = entryLabel(member, subpath);
  const built = join(root, member.folder, source.replace(/^src\//, 'dist/').replace(/\.ts$/, ''));
  if (!existsSync(`${built}.d.ts`)) throw new Error(`${label}: ${built}.d.ts is missing: npm run build`);
  const declarations = extract(member, `${built}.d.ts`);
  const values = Object.keys((await import(pathToFileURL(`${built}.js`).href)) as object);
  const budget = exportBudget(label);
  const complaints: string[] = [];
  if (budget !== undefined && values.length > budget) {
    complaints.push(`exports ${values.length} values, at most ${budget} are allowed`);
  }
  for (const [, name] of declarations.matchAll(
    /^\/\/ @public \(undocumented\)\n.*?\b(?:function|const|class|type|interface) (\w+)/gm,
  )) {
    complaints.push(`'${name}' has no comment: one sentence that starts with what it guarantees`);
  }
  const title = subpath === '.' ? member.name : `${member.name}/${subpath.slice(2)}`;
  const count = budget === undefined ? `${values.length}` : `${values.length} of at most ${budget}`;
  const text = `# ${title}\n\nValue exports: ${count}. Written by \`npm run api -- --update\`; do not edit.\n\n${declarations}`;
  return { label, text, complaints };
}

function extract(member: Member, entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'trunkline-api-'));
  try {
    const projectFolder = join(root, member.folder);
    const config = ExtractorConfig.prepare({
      configObjectFullPath: undefined,
      packageJsonFullPath: join(projectFolder, 'package.json'),
      configObject: {
        projectFolder,
        mainEntryPointFilePath: entry,
        newlineKind: 'lf',
        compiler: {
          overrideTsconfig: {
            compilerOptions: { ...compilerOptions, types: typesOf(member) },
            files: [entry],
          },
        },
        apiReport: {
          enabled: true,
          reportFileName: 'report.api.md',
          reportFolder: folder,
          reportTempFolder: folder,
        },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          extractorMessageReporting: {
            default: { logLevel: ExtractorLogLevel.None },
            'ae-forgotten-export': { logLevel: ExtractorLogLevel.None, addToApiReportFile: true },
          },
          tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
        },
      },
    });
    const complaints: string[] = [];
    const result = Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) complaints.push(message.text);
        message.handled = true;
      },
    });
    if (!result.succeeded) throw new Error(`${member.name}: ${complaints.join('; ')}`);
    const report = readFileSync(join(folder, 'report.api.md'), 'utf8');
    return report
      .slice(report.indexOf('```ts'))
      .replace('// (No @packageDocumentation comment for this package)\n\n', '');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function typesOf(member: Member): readonly string[] {
  return member.devDependencies.includes('@types/node') ? ['node'] : [];
}
