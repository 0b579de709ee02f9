/**
 * State that several processes may share and that outlives each of them. Keys, logs and topics are three name spaces. Every
 * method rejects with a `StoreError`: `full`, `closed`, or `unavailable` when the place where the state is kept is.
 */
export interface Store {
  /** The value of a key, unless it was never set, was deleted, or its time is over. */
  get(key: string): Promise<string | undefined>;
  /** Sets a key. It lives for `ttl` from now on, or until deleted; what it lived for before does not matter. */
  set(key: string, value: string, options?: Expiry): Promise<void>;
  /** Removes a key; tells whether it was there. */
  delete(key: string): Promise<boolean>;
  /**
   * Sets a key to `value`, or deletes it for `undefined`, if it holds `expected`, where `undefined` means nothing; tells
   * whether it did. Of all who expect the same value exactly one succeeds, in whatever process.
   */
  compareAndSet(
    key: string,
    expected: string | undefined,
    value: string | undefined,
    options?: Expiry,
  ): Promise<boolean>;
  /**
   * Adds an entry to the end of a log and returns its cursor, which is greater than those before it. A log that was dropped
   * or has expired begins anew.
   */
  append(log: string, entry: string, options?: AppendOptions): Promise<number>;
  /** The entries after a cursor, oldest first. A log that nobody wrote to is empty. */
  read(log: string, options?: ReadOptions): Promise<LogPage>;
  /** Removes a log with all its entries. */
  drop(log: string): Promise<void>;
  /** Tells everybody who subscribes to a topic now. Resolves when that is under way, not when it has arrived. */
  publish(topic: string, message: string): Promise<void>;
  /**
   * Hears what is published to a topic from the moment it resolves, in the order of each publisher. What a listener throws is
   * nobody's business. The returned function ends the subscription.
   */
  subscribe(topic: string, listener: (message: string) => void): Promise<() => Promise<void>>;
  /** Releases what the store holds in this process; what others share stays. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** How long something is kept. */
export interface Expiry {
  /** Milliseconds; until deleted unless given. */
  readonly ttl?: number;
}

/** How much of a log is kept. Whatever exceeds it is forgotten from the beginning. */
export interface AppendOptions extends Expiry {
  /** Milliseconds that the whole log lives after this entry. */
  readonly ttl?: number;
  /** Most entries. */
  readonly maxEntries?: number;
  /** Most UTF-8 bytes of all entries together. */
  readonly maxBytes?: number;
}

/** Which part of a log is read. */
export interface ReadOptions {
  /** Only what came after this cursor; from the beginning unless given. */
  readonly after?: number;
  /** Most entries at once; 1,000 unless given. */
  readonly limit?: number;
}

/** Part of a log. */
export interface LogPage {
  readonly entries: readonly LogEntry[];
  /** Whether nothing between the given cursor and the first entry was forgotten. */
  readonly complete: boolean;
}

/** One entry of a log. */
export interface LogEntry {
  readonly cursor: number;
  readonly value: string;
}
