import { access, constants, stat } from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { TransportError } from '@trunkline/transport';
import { lookUp } from './environment.ts';
import type { PathKind, System } from './system.ts';

/** Extensions that Windows can start, the last two through cmd.exe. */
const STARTABLE = ['.com', '.exe', '.bat', '.cmd'];
const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin';

/**
 * Finds the file a command names: a path is taken from `cwd`, a bare name is looked up in the absolute directories of
 * PATH and nowhere else, so never in the current directory. Throws `spawn-failed` with a hint.
 */
export async function findProgram(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
  system: Pick<System, 'platform' | 'probe'>,
): Promise<string> {
  const windows = system.platform === 'win32';
  const paths = windows ? win32 : posix;
  const bare = windows ? !/[\\/:]/.test(command) : !command.includes('/');
  const directories = bare ? searchPath(env, windows) : [cwd];
  let worst: PathKind = 'missing';
  for (const directory of directories) {
    const base = bare ? paths.join(directory, command) : paths.resolve(directory, command);
    for (const file of windows ? withExtensions(base, env) : [base]) {
      const kind = await system.probe(file);
      if (kind === 'program') return file;
      if (kind !== 'missing') worst = kind;
    }
  }
  throw new TransportError('spawn-failed', whyNot(command, cwd, worst, bare), { delivery: 'not-sent' });
}

/** Asks the file system of this machine. */
export async function probePath(path: string): Promise<PathKind> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return 'directory';
    await access(path, constants.X_OK);
    return 'program';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EACCES' ? 'forbidden' : 'missing';
  }
}

function searchPath(env: Readonly<Record<string, string>>, windows: boolean): string[] {
  const value = lookUp(env, 'PATH', windows) ?? (windows ? '' : DEFAULT_PATH);
  return value
    .split(windows ? ';' : ':')
    .map((directory) => (windows ? directory.replaceAll('"', '') : directory))
    .filter((directory) => (windows ? win32 : posix).isAbsolute(directory));
}

/** A name without a startable extension is never tried as it is: npm puts a shell script of that name beside the .cmd. */
function withExtensions(base: string, env: Readonly<Record<string, string>>): string[] {
  const listed = (lookUp(env, 'PATHEXT', true) ?? STARTABLE.join(';')).toLowerCase().split(';');
  const extensions = listed.filter((extension) => STARTABLE.includes(extension));
  const asIs = STARTABLE.includes(win32.extname(base).toLowerCase());
  return [...(asIs ? [base] : []), ...extensions.map((extension) => base + extension)];
}

function whyNot(command: string, cwd: string, worst: PathKind, bare: boolean): string {
  const shown = `cannot start ${JSON.stringify(command)}:`;
  if (worst === 'directory') return `${shown} it is a directory (EACCES); name the program inside it`;
  if (worst === 'forbidden') return `${shown} permission denied (EACCES); make the file executable`;
  if (/\s/.test(command))
    return `${shown} no such program (ENOENT); pass its arguments as a list, no shell splits this text`;
  const where = bare ? 'in any directory of PATH' : `in ${cwd}`;
  return `${shown} no such program ${where} (ENOENT); check the name, or give the full path`;
}
