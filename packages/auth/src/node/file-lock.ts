import { open, stat, unlink, utimes } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { AuthError } from '../auth-error.ts';

const BEAT = 2_000;
/** After this much silence a holder is taken for dead. */
const STALE = 15_000;
const PATIENCE = 60_000;

/**
 * Runs `task` while no other process holds the lock file. The file of a process that died is taken over. Rejects with
 * `storage` after a minute of waiting.
 */
export async function withFileLock<T>(path: string, task: () => Promise<T>): Promise<T> {
  const until = Date.now() + PATIENCE;
  while (!(await take(path))) {
    if (Date.now() > until) throw new AuthError('storage', `${path} is held by another process for too long`);
    await clearStale(path);
    await sleep(10 + Math.random() * 30);
  }
  const beat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => {}), BEAT);
  beat.unref();
  try {
    return await task();
  } finally {
    clearInterval(beat);
    await unlink(path).catch(() => {});
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await (await open(path, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw new AuthError('storage', `${path} cannot be created`, { cause: error });
  }
}

/** Under a lock of its own: else the second who finds a stale file would remove the first one's fresh one. */
async function clearStale(path: string): Promise<void> {
  if (!(await isStale(path))) return;
  const clearing = `${path}.clearing`;
  if (!(await take(clearing))) {
    if (await isStale(clearing)) await unlink(clearing).catch(() => {});
    return;
  }
  try {
    if (await isStale(path)) await unlink(path).catch(() => {});
  } finally {
    await unlink(clearing).catch(() => {});
  }
}

async function isStale(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE;
  } catch {
    return false;
  }
}
