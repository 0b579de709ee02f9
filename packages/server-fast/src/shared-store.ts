import type { RequestStateOptions } from '@trunkline/session';
import { memoryStore, type Store } from '@trunkline/store';

/** The store that a server was given, or one in this process that comes into being when it is needed. */
export class SharedStore {
  readonly #given: Store | undefined;
  #own: Store | undefined;

  constructor(given: Store | undefined) {
    this.#given = given;
  }

  get store(): Store {
    return this.#given ?? (this.#own ??= memoryStore());
  }

  /** Closes the store that nobody else has. */
  async close(): Promise<void> {
    await this.#own?.close();
  }
}

/** Keeps what is known of request state in a store: which one was used, and what is too long to travel. */
export function requestStateIn(
  shared: SharedStore,
  now: () => number,
): Required<Pick<RequestStateOptions, 'redeem' | 'overflow'>> {
  const ttlOf = (expiresAt: number): number => Math.max(1, expiresAt - now());
  return {
    redeem: (id, expiresAt) =>
      shared.store.compareAndSet(`request-state used ${id}`, undefined, 'used', { ttl: ttlOf(expiresAt) }),
    overflow: {
      put: (handle, state, expiresAt) =>
        shared.store.set(`request-state ${handle}`, state, { ttl: ttlOf(expiresAt) }),
      get: (handle) => shared.store.get(`request-state ${handle}`),
    },
  };
}
