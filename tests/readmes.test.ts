import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/**
 * Every TypeScript fence in a README is compiled. One that is marked `ts run` is also run, and the plain fence that follows
 * it is what it prints. One that is marked `ts file=NAME` lies beside the page's programs under that name.
 */
const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'tests', '.snippets');
const FENCE = /^```(?<info>[^\n]*)\n(?<code>[\s\S]*?)^```$/gm;

interface Snippet {
  readonly name: string;
  readonly file: string;
  readonly code: string;
  /** What it prints; `undefined` if it is only compiled. */
  readonly prints: string | undefined;
}

const snippets = globSync(['README.md', 'packages/*/README.md', 'docs/*.md'], { cwd: ROOT }).flatMap(
  snippetsOf,
);

beforeAll(() => {
  rmSync(FOLDER, { recursive: true, force: true });
  for (const { file, code } of snippets) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${code}\nexport {};\n`);
  }
  const config = {
    extends: '../../tsconfig.check.json',
    include: ['*/*.ts'],
    compilerOptions: {
      noUnusedLocals: false,
      isolatedDeclarations: false,
      declaration: false,
      emitDeclarationOnly: false,
      composite: false,
    },
  };
  writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(config));
});

afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));

test('there are snippets to check', () => {
  expect(snippets.filter(({ prints }) => prints !== undefined).length).toBeGreaterThan(0);
});

test('every snippet compiles', { timeout: 60_000 }, async () => {
  const compiled = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', FOLDER]).catch(
    (error: { stdout: string }) => error,
  );
  expect(compiled.stdout).toBe('');
});

describe.each(snippets.filter(({ prints }) => prints !== undefined))('$name', ({ file, prints }) => {
  test('prints what the page says', { timeout: 30_000 }, async () => {
    const { stdout } = await run(
      process.execPath,
      ['--conditions', '@trunkline/source', '--disable-warning=ExperimentalWarning', file],
      { cwd: dirname(file) },
    );
    expect(stdout.trim()).toBe(prints);
  });
});

function snippetsOf(page: string): Snippet[] {
  const fences = [...readFileSync(join(ROOT, page), 'utf8').matchAll(FENCE)].map(
    ({ groups }) => groups as { info: string; code: string },
  );
  return fences.flatMap(({ info, code }, index) => {
    if (!/^ts\b/.test(info)) return [];
    const name = `${relative('.', page)}, fence ${index + 1}`;
    const next = fences[index + 1];
    if (info === 'ts run' && next?.info !== '')
      throw new Error(`${name} is marked "ts run", but no plain fence with its output follows`);
    const own = /^ts file=([\w.-]+)$/.exec(info)?.[1];
    const file = join(FOLDER, page.replaceAll(/[^\w-]+/g, '-'), own ?? `fence-${index + 1}.ts`);
    return [{ name, file, code, prints: info === 'ts run' ? next?.code.trim() : undefined }];
  });
}
