// Starts every task of this repository from any Node >= 20 that comes with npm: installs with the pinned pnpm when
// the manifests changed, then hands the task to the Node in node_modules. Plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';
const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const stampFile = join(root, 'node_modules', '.cache', 'setup-stamp');

const [task = 'help', ...args] = process.argv.slice(2);
requireNode20();
if (installedStamp() !== wantedStamp() || !existsSync(node)) install();
runTask();

function requireNode20() {
  if (Number(process.versions.node.split('.')[0]) >= 20) return;
  fail(`Node ${process.versions.node} is too old: install Node 20 or newer, then run this again.`);
}

function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  process.stdout.write(`setup: installing with ${packageManager} (a minute or two on a new machine)\n`);
  rmSync(stampFile, { force: true });
  const options = { cwd: root, stdio: 'inherit', shell: windows };
  const pnpm = spawnSync('npx', ['-y', packageManager, 'install', '--frozen-lockfile'], options);
  if (pnpm.error) fail('npx was not found: install npm (it comes with Node), then run this again.');
  if (pnpm.status !== 0) {
    fail(
      `the install failed (see above). If a package.json changed: npx ${packageManager} install --no-frozen-lockfile`,
    );
  }
  if (!existsSync(node))
    fail('the install left no Node in node_modules: delete node_modules, then run this again.');
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wantedStamp());
}

function runTask() {
  const bin = join(root, 'node_modules', '.bin');
  const env = {
    ...process.env,
    PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    TURBO_TELEMETRY_DISABLED: '1',
  };
  const run = spawnSync(node, [join(root, 'scripts', 'run.ts'), task, ...args], {
    cwd: root,
    stdio: 'inherit',
    env,
  });
  if (run.error) fail(`could not start ${node}: ${run.error.message}`);
  process.exitCode = run.status ?? 1;
}

function installedStamp() {
  return existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : undefined;
}

function wantedStamp() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests()]) {
    hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function manifests() {
  const folders = ['', 'tests'];
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(root, group)).sort()) folders.push(join(group, name));
  }
  return folders.map((folder) => join(folder, 'package.json')).filter((file) => existsSync(join(root, file)));
}

function fail(reason) {
  process.stderr.write(`setup: ${reason}\n`);
  process.exit(1);
}
