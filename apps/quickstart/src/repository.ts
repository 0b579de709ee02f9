import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Folders that hold what others wrote or what a tool made. */
const SKIPPED = new Set(['node_modules', 'dist', '.git', '.turbo', '.cache']);
const MAX_FILE_BYTES = 256 * 1024;

/** One commit. */
export interface Commit {
  readonly id: string;
  readonly date: string;
  readonly subject: string;
}

/** A folder under version control, as the tour's server shows it. */
export interface Repository {
  files(signal: AbortSignal, seen: (count: number) => void): Promise<string[]>;
  read(path: string): Promise<string>;
  history(count: number, signal: AbortSignal): Promise<Commit[]>;
}

/** Opens the folder at `root`. Nothing outside of it can be read. */
export function openRepository(root: string): Repository {
  const base = resolve(root);
  return {
    async files(signal, seen) {
      const found: string[] = [];
      for await (const path of walk(base, signal)) {
        found.push(relative(base, path).split(sep).join('/'));
        if (found.length % 100 === 0) seen(found.length);
      }
      return found.toSorted();
    },
    async read(path) {
      const target = resolve(base, path);
      if (!target.startsWith(base + sep)) throw new Error(`${path} is outside of the repository`);
      const facts = await lstat(target);
      if (!facts.isFile() || facts.size > MAX_FILE_BYTES)
        throw new Error(`${path} is not a file of at most ${MAX_FILE_BYTES} bytes`);
      return readFile(target, 'utf8');
    },
    async history(count, signal) {
      const { stdout } = await run('git', ['log', `--max-count=${count}`, '--format=%h%x09%as%x09%s'], {
        cwd: base,
        signal,
      });
      return stdout.trim().split('\n').filter(Boolean).map(readCommit);
    },
  };
}

function readCommit(line: string): Commit {
  const [id = '', date = '', ...subject] = line.split('\t');
  return { id, date, subject: subject.join('\t') };
}

async function* walk(folder: string, signal: AbortSignal): AsyncGenerator<string, void, undefined> {
  signal.throwIfAborted();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* walk(path, signal);
    else if (entry.isFile()) yield path;
  }
}
