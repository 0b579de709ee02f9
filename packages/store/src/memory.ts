import { MemoryLogs } from './memory-logs.ts';
import { MemorySpace, type StoreClock } from './memory-space.ts';
import { MemoryTopics } from './memory-topics.ts';
import type { AppendOptions, Expiry, LogPage, ReadOptions, Store } from './store.ts';

/** Bounds of a {@link memoryStore}. */
export interface MemoryStoreOptions {
  /** Most keys and log entries together; 1,000,000 unless given. */
  readonly maxEntries?: number;
  /** Most bytes of names and values together; 256 MiB unless given. */
  readonly maxBytes?: number;
  /** Where the time comes from; the platform unless given. */
  readonly clock?: StoreClock;
}

/**
 * Keeps everything in this process, within bounds. Logs give way when there is no more room, the one least recently written
 * to first; keys never do: a key that does not fit rejects with `full`.
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  readonly #space: MemorySpace;
  readonly #logs: MemoryLogs;
  readonly #topics = new MemoryTopics();

  constructor(options: MemoryStoreOptions) {
    this.#space = new MemorySpace(options);
    this.#logs = new MemoryLogs(this.#space);
  }

  async get(key: string): Promise<string | undefined> {
    return this.#space.get(key);
  }

  async set(key: string, value: string, { ttl }: Expiry = {}): Promise<void> {
    this.#space.set(key, value, ttl);
  }

  async delete(key: string): Promise<boolean> {
    return this.#space.delete(key);
  }

  async compareAndSet(
    key: string,
    expected: string | undefined,
    value: string | undefined,
    { ttl }: Expiry = {},
  ): Promise<boolean> {
    if (this.#space.get(key) !== expected) return false;
    if (value === undefined) this.#space.delete(key);
    else this.#space.set(key, value, ttl);
    return true;
  }

  async append(log: string, entry: string, options: AppendOptions = {}): Promise<number> {
    return this.#logs.append(log, entry, options);
  }

  async read(log: string, options: ReadOptions = {}): Promise<LogPage> {
    return this.#logs.read(log, options);
  }

  async drop(log: string): Promise<void> {
    this.#logs.drop(log);
  }

  async publish(topic: string, message: string): Promise<void> {
    this.#space.assertOpen();
    this.#topics.publish(topic, message);
  }

  async subscribe(topic: string, listener: (message: string) => void): Promise<() => Promise<void>> {
    this.#space.assertOpen();
    return this.#topics.subscribe(topic, listener);
  }

  async close(): Promise<void> {
    this.#topics.clear();
    this.#space.close();
  }
}
