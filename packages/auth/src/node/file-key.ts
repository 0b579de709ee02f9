import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuthError } from '../auth-error.ts';

/**
 * The key in a file that only its owner may read; made there if there is none. Rejects with `storage` for a file that others
 * may read, and for one that holds no key.
 */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.writeFile(randomBytes(32).toString('base64'));
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new AuthError('storage', `the key file ${path} cannot be created`, { cause: error });
  }
  const { mode } = await stat(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    throw new AuthError(
      'storage',
      `the key file ${path} may be read by others; chmod 600 it, and use a new key`,
    );
  return checkKey(Buffer.from(await readFile(path, 'utf8'), 'base64'), 'storage');
}

/** Throws unless there are 32 bytes. */
export function checkKey(key: Uint8Array, code: 'storage' | 'misuse'): Uint8Array {
  if (key.byteLength !== 32) throw new AuthError(code, 'a key has 32 bytes');
  return key;
}
