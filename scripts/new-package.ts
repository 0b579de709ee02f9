import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './lib/exec.ts';
import { publicPackages, root } from './lib/workspace.ts';

const [name, description, ...dependencies] = process.argv.slice(2);
const known = publicPackages().map((member) => member.name);
const unknown = dependencies.filter((dependency) => !known.includes(`@trunkline/${dependency}`));

if (!name || !description || !/^[a-z][a-z0-9-]*$/.test(name)) {
  stop('Usage: npm run new-package -- <name> "<one sentence>" [package of this workspace it depends on …]');
} else if (existsSync(join(root, 'packages', name))) {
  stop(`packages/${name} exists already.`);
} else if (unknown.length > 0) {
  stop(`No such package here: ${unknown.join(', ')}.`);
} else {
  create(name, description);
}

function create(short: string, sentence: string): void {
  const folder = join(root, 'packages', short);
  mkdirSync(join(folder, 'src'), { recursive: true });
  const build = {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      composite: true,
      rootDir: 'src',
      outDir: 'dist',
      tsBuildInfoFile: 'dist/.tsbuildinfo',
    },
    include: ['src'],
    exclude: ['src/**/*.test.ts', 'src/**/fixtures/**'],
    references: dependencies.map((dependency) => ({ path: `../${dependency}/tsconfig.build.json` })),
  };
  const files: Readonly<Record<string, unknown>> = {
    'package.json': manifest(short, sentence),
    'tsconfig.build.json': build,
    'tsconfig.json': { extends: '../../tsconfig.check.json', include: ['src'] },
  };
  for (const [file, value] of Object.entries(files))
    writeFileSync(join(folder, file), JSON.stringify(value, null, 2));
  writeFileSync(join(folder, 'src', 'index.ts'), 'export {};\n');
  writeFileSync(join(folder, 'README.md'), `# @trunkline/${short}\n\n${sentence}\n`);
  const changeset = join(root, '.changeset', `first-release-of-${short}.md`);
  writeFileSync(changeset, `---\n'@trunkline/${short}': major\n---\n\nFirst release.\n`);
  exec('oxfmt', [folder]);
  console.log(`Wrote packages/${short}. Next:`);
  console.log('  1. npx pnpm install, and commit pnpm-lock.yaml with the package;');
  console.log('  2. a layer in scripts/lib/layers.ts, unless it is a transport-* or a store-*;');
  console.log('  3. npm run api -- --update once it exports something.');
}

function manifest(short: string, sentence: string): object {
  return {
    name: `@trunkline/${short}`,
    version: '0.0.0',
    description: sentence,
    license: 'MIT',
    files: ['dist', '!dist/.tsbuildinfo'],
    type: 'module',
    sideEffects: false,
    exports: {
      '.': { '@trunkline/source': './src/index.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig: {
      access: 'public',
      exports: { '.': './dist/index.js', './package.json': './package.json' },
    },
    scripts: {
      build: 'tsc -b tsconfig.build.json && node ../../scripts/bundle.ts',
      test: `vitest run --root ../.. packages/${short}/`,
      types: 'tsc -p tsconfig.json',
      api: 'node ../../scripts/api-report.ts',
      attw: 'node ../../scripts/check-pack.ts',
      size: 'node ../../scripts/size.ts',
    },
    dependencies: Object.fromEntries(
      dependencies.map((dependency) => [`@trunkline/${dependency}`, 'workspace:^']),
    ),
    engines: { node: '>=20.19' },
  };
}

function stop(reason: string): void {
  console.error(reason);
  process.exitCode = 1;
}
