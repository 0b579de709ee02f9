import type { Store } from '@trunkline/store';
import { generateRandomState } from 'oauth4webapi';
import type { Records } from './records.ts';

/** Records under secrets. Of a secret only its hash is kept, and what is taken is taken once. */
export class Vault {
  readonly #store: Store;
  readonly #prefix: string;

  constructor(store: Store, issuer: string) {
    this.#store = store;
    this.#prefix = `auth ${issuer} `;
  }

  /** Keeps a record under a new secret, which it returns. */
  async issue<K extends Kind>(kind: K, record: Records[K], ttl: number): Promise<string> {
    const secret = generateRandomState();
    await this.put(kind, await digest(secret), record, ttl);
    return secret;
  }

  async find<K extends Kind>(kind: K, secret: string): Promise<Records[K] | undefined> {
    return this.get(kind, await digest(secret));
  }

  /**
   * Takes a record once. A second taker gets it too, with `spent`, because whoever shows a secret twice has stolen it or was
   * robbed of it.
   */
  async take<K extends Kind>(kind: K, secret: string, ttl: number): Promise<Taken<K> | undefined> {
    const key = this.#key(kind, await digest(secret));
    const text = await this.#store.get(key);
    if (text === undefined) return undefined;
    const { record, spent } = JSON.parse(text) as Entry<K>;
    if (spent) return { record, spent: true };
    const first = await this.#store.compareAndSet(key, text, JSON.stringify({ record, spent: true }), {
      ttl,
    });
    return { record, spent: !first };
  }

  async get<K extends Kind>(kind: K, id: string): Promise<Records[K] | undefined> {
    const text = await this.#store.get(this.#key(kind, id));
    if (text === undefined) return undefined;
    const { record, spent } = JSON.parse(text) as Entry<K>;
    return spent ? undefined : record;
  }

  async put<K extends Kind>(kind: K, id: string, record: Records[K], ttl: number): Promise<void> {
    await this.#store.set(this.#key(kind, id), JSON.stringify({ record }), { ttl });
  }

  /** Tells whether it was there. */
  async remove(kind: Kind, id: string): Promise<boolean> {
    return this.#store.delete(this.#key(kind, id));
  }

  async forget(kind: Kind, secret: string): Promise<boolean> {
    return this.remove(kind, await digest(secret));
  }

  #key(kind: Kind, id: string): string {
    return `${this.#prefix}${kind} ${id}`;
  }
}

type Kind = keyof Records;

interface Entry<K extends Kind> {
  readonly record: Records[K];
  readonly spent?: true;
}

/** A record, and whether it was taken before. */
interface Taken<K extends Kind> {
  readonly record: Records[K];
  readonly spent: boolean;
}

/** What is kept of a secret. Secrets are random and long, so that nothing slower is needed. */
export async function digest(secret: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(secret)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
