import { spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';

/** One part of the official suite: what its program is told. */
export interface Part {
  readonly name: string;
  readonly side: 'server' | 'client' | 'authorization';
  readonly args: readonly string[];
}

/** What became of one scenario. */
export interface ScenarioResult {
  readonly scenario: string;
  readonly passed: number;
  readonly skipped: number;
  /** Names and reasons of the checks that failed or warned. */
  readonly problems: readonly string[];
}

interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'INFO' | 'SKIPPED';
  readonly errorMessage?: string;
}

/** Runs one part and reads what it wrote: the checks themselves, because the totals it prints leave warnings out. */
export async function runPart(part: Part): Promise<ScenarioResult[]> {
  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const output = await run([part.side, ...part.args, '-o', folder], part.side === 'authorization');
    const results = globSync('**/checks.json', { cwd: folder }).map((path) => resultOf(folder, path));
    if (results.length === 0) throw new Error(`${part.name} wrote no checks:\n${output.slice(-2_000)}`);
    return results.toSorted((a, b) => a.scenario.localeCompare(b.scenario));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function resultOf(folder: string, path: string): ScenarioResult {
  const checks = JSON.parse(readFileSync(join(folder, path), 'utf8')) as Check[];
  const problems = checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING');
  return {
    scenario: nameOf(relative(folder, dirname(join(folder, path)))),
    passed: checks.filter(({ status }) => status === 'SUCCESS').length,
    skipped: checks.filter(({ status }) => status === 'SKIPPED').length,
    problems: problems.map(
      ({ id, status, errorMessage }) => `${id} ${status}${errorMessage ? `: ${errorMessage}` : ''}`,
    ),
  };
}

/** The folder of a scenario is its name, `server-` before it for servers, and the time of the run. */
function nameOf(folder: string): string {
  return folder
    .split(sep)
    .join('/')
    .replace(/-\d{4}-\d\d-\d\dT[\d-]+Z$/, '')
    .replace(/^(?:authorization-)?server-(?=.)/, '');
}

/** Runs the suite; `signIn` opens the address that it shows for a user, once. */
function run(args: readonly string[], signIn: boolean): Promise<string> {
  const require = createRequire(import.meta.url);
  const program = join(
    dirname(require.resolve('@modelcontextprotocol/conformance/package.json')),
    'dist/index.js',
  );
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let address: string | undefined;
    const take = (chunk: Buffer): void => {
      output = `${output}${chunk.toString()}`.slice(-100_000);
      // The line is complete once the next one has begun, which says that it is waited for.
      if (!signIn || address !== undefined || !output.includes('Callback server started')) return;
      address = /^http\S+\/authorize\?\S+$/m.exec(output)?.[0];
      if (address !== undefined) fetch(address).then((response) => response.body?.cancel(), reject);
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('error', reject);
    child.on('close', () => resolve(output));
  });
}
