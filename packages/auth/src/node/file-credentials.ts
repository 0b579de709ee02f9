import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, stat, unlink } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { AuthError, isAuthError } from '../auth-error.ts';
import type { CredentialStore } from '../client/credential-store.ts';
import { checkKey, readKeyFile } from './file-key.ts';
import { withFileLock } from './file-lock.ts';

/** Where credentials are kept, and what opens them: exactly one of `key` and `keyFile`. */
export interface FileCredentialsOptions {
  readonly path: string;
  /** 32 bytes, as a keychain of the system would hold them. */
  readonly key?: Uint8Array;
  /** A file with the key, in another folder than `path`; made, for its owner alone, if there is none. */
  readonly keyFile?: string;
}

const MAX_BYTES = 4 * 1024 * 1024;
const ALGORITHM = { alg: 'dir', enc: 'A256GCM' } as const;

/**
 * Keeps credentials in one file that is encrypted with AES-256-GCM, readable by its owner alone, and replaced whole, so that
 * it is never half written. Several processes may share it. A file that cannot be decrypted is left as it is and rejects with
 * `storage`. Throws `misuse` unless there is one key, kept elsewhere.
 */
export function fileCredentials({ path, key, keyFile }: FileCredentialsOptions): Required<CredentialStore> {
  if ((key === undefined) === (keyFile === undefined))
    throw new AuthError('misuse', 'give either key or keyFile');
  if (keyFile !== undefined && dirname(resolve(keyFile)) === dirname(resolve(path)))
    throw new AuthError('misuse', 'the key file must be in another folder than what it opens');
  if (key) checkKey(key, 'misuse');
  return new FileCredentials(resolve(path), () =>
    key ? Promise.resolve(key) : readKeyFile(keyFile as string),
  );
}

type Entries = Record<string, string>;

class FileCredentials implements CredentialStore {
  readonly #path: string;
  readonly #readKey: () => Promise<Uint8Array>;
  #key: Promise<Uint8Array> | undefined;

  constructor(path: string, readKey: () => Promise<Uint8Array>) {
    this.#path = path;
    this.#readKey = readKey;
  }

  async get(key: string): Promise<string | undefined> {
    const entries = await this.#read();
    return Object.hasOwn(entries, key) ? entries[key] : undefined;
  }

  async set(key: string, value: string): Promise<void> {
    await this.#change((entries) => ({ ...entries, [key]: value }));
  }

  async delete(key: string): Promise<boolean> {
    let found = false;
    await this.#change((entries) => {
      const { [key]: value, ...rest } = entries;
      found = value !== undefined;
      return found ? rest : undefined;
    });
    return found;
  }

  async lock<T>(key: string, task: () => Promise<T>): Promise<T> {
    await this.#folder();
    const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
    return withFileLock(`${this.#path}.${name}.lock`, task);
  }

  async #change(edit: (entries: Entries) => Entries | undefined): Promise<void> {
    await this.#folder();
    await withFileLock(`${this.#path}.lock`, async () => {
      const entries = edit(await this.#read());
      if (entries) await this.#write(entries);
    });
  }

  async #folder(): Promise<void> {
    await mkdir(dirname(this.#path), { recursive: true, mode: 0o700 }).catch(this.#failed('made room for'));
  }

  async #read(): Promise<Entries> {
    let text: string;
    try {
      const { size } = await stat(this.#path);
      if (size > MAX_BYTES) throw new AuthError('storage', `${this.#path} is larger than it can have become`);
      text = await readFile(this.#path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      return this.#failed('read')(error);
    }
    try {
      const { plaintext } = await compactDecrypt(text, await this.#secret(), {
        keyManagementAlgorithms: [ALGORITHM.alg],
        contentEncryptionAlgorithms: [ALGORITHM.enc],
      });
      return JSON.parse(new TextDecoder().decode(plaintext)) as Entries;
    } catch (error) {
      if (isAuthError(error)) throw error;
      throw new AuthError(
        'storage',
        `${this.#path} cannot be decrypted: the key is another, or the file is damaged`,
      );
    }
  }

  async #write(entries: Entries): Promise<void> {
    const plaintext = new TextEncoder().encode(JSON.stringify(entries));
    const text = await new CompactEncrypt(plaintext)
      .setProtectedHeader(ALGORITHM)
      .encrypt(await this.#secret());
    if (text.length > MAX_BYTES)
      throw new AuthError('storage', `${this.#path} would become larger than 4 MiB`);
    const fresh = `${this.#path}.${randomUUID()}.tmp`;
    try {
      const file = await open(fresh, 'wx', 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(fresh, this.#path);
    } catch (error) {
      await unlink(fresh).catch(() => {});
      this.#failed('written')(error);
    }
  }

  #secret(): Promise<Uint8Array> {
    this.#key ??= this.#readKey();
    return this.#key;
  }

  #failed(what: string): (error: unknown) => never {
    return (error) => {
      if (isAuthError(error)) throw error;
      throw new AuthError('storage', `${this.#path} cannot be ${what}`, { cause: error });
    };
  }
}
