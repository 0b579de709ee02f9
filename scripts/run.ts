import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './lib/exec.ts';
import { findSources } from './lib/source.ts';
import { keep, kept, line, sum } from './lib/tally.ts';
import type { Tally } from './lib/tally.ts';
import { turbo } from './lib/turbo.ts';
import { vitest } from './lib/vitest.ts';
import { root } from './lib/workspace.ts';

interface Step {
  readonly name: string;
  readonly run: () => Tally;
  /** Whether the rest makes no sense without it. */
  readonly needed?: boolean;
}

const started = performance.now();

const build: Step = { name: 'build every package', run: () => turbo(['build']), needed: true };

const check: Step = {
  name: 'check: format, lint, types, arrows, comments, API reports, packed packages, sizes',
  run: () => turbo(['//#format', '//#lint', '//#arrows', '//#comments', 'types', 'api', 'attw', 'size']),
};

const generated: Step = {
  name: 'check that generated files are up to date',
  run: () => script('check-generated.ts'),
};

const tasks: Readonly<Record<string, (args: readonly string[]) => void>> = {
  start: () => steps('start', [build, app('quickstart')]),
  build: () => steps('build', [build]),
  check: () => steps('check', [build, check, generated]),
  test: (args) =>
    steps('test', [build, check, generated, { name: 'unit and integration tests', run: () => vitest(args) }]),
  'test:full': () => steps('test:full', [build, ...fullSteps()]),
  bench: (args) => steps('bench', [build, app('bench', args)]),
  conformance: (args) => steps('conformance', [build, app('conformance', args)]),
  size: () => steps('size', [build, { name: 'sizes of the packed packages', run: () => script('size.ts') }]),
  api: (args) => steps('api', [build, { name: 'API reports', run: () => script('api-report.ts', args) }]),
  generate: () => steps('generate', [build, { name: 'generate', run: () => script('generate.ts') }]),
  summary: () => console.log(line(kept().length > 0 ? sum(kept()) : { passed: 0, failed: 1, skipped: 0 })),
  help: () => console.log(`Tasks: ${Object.keys(tasks).join(', ')}. See CONTRIBUTING.md.`),
};

/** Runs steps in order, prints each with its time, and closes with one line. */
function steps(task: string, list: readonly Step[]): void {
  const tallies: Tally[] = [];
  for (const [index, step] of list.entries()) {
    console.log(`\n[${index + 1}/${list.length}] ${step.name}`);
    const before = performance.now();
    const tally = step.run();
    tallies.push(tally);
    console.log(
      `[${index + 1}/${list.length}] ${tally.failed > 0 ? 'FAILED' : 'done'} in ${seconds(before)}`,
    );
    if (tally.failed > 0 && step.needed) break;
  }
  const total = sum(tallies);
  const verdict = `${task} ${total.failed > 0 ? 'FAILED' : 'ok'} in ${seconds(started)}`;
  const counts = /^(?:test|check)/.test(task);
  if (counts) keep(task, total);
  console.log(counts ? `\n${verdict}: ${line(total)}` : `\n${verdict}`);
  if (total.failed > 0) process.exitCode = 1;
}

function fullSteps(): readonly Step[] {
  const drill: Step = { name: 'drill: delete the legacy era', run: () => script('deletion-drill.ts') };
  const files = findSources(root, ['packages/*/src/**/*.full.test.ts', 'tests/**/*.full.test.ts']);
  if (files.length === 0) {
    console.log('test:full: no *.full.test.ts yet, only the drill runs');
    return [drill];
  }
  return [
    drill,
    { name: `long tests: ${files.join(', ')}`, run: () => vitest(['-c', 'vitest.full.config.ts']) },
  ];
}

function app(name: string, args: readonly string[] = []): Step {
  const run = (): Tally => {
    const main = join('apps', name, 'main.ts');
    if (existsSync(join(root, main))) return asTally(exec('node', [main, ...args]));
    console.log(`${main} is not written yet: nothing ran.`);
    return asTally(0);
  };
  return { name: `apps/${name}`, run };
}

function script(file: string, args: readonly string[] = []): Tally {
  return asTally(exec('node', [join('scripts', file), ...args]));
}

function asTally(status: number): Tally {
  return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}

const [task = 'help', ...args] = process.argv.slice(2);
const run = tasks[task];
if (run) {
  run(args);
} else {
  console.error(`There is no task '${task}'. Tasks: ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = 1;
}
