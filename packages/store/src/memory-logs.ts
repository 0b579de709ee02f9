import { sizeOf, type Cost, type MemorySpace, type Yielding } from './memory-space.ts';
import type { AppendOptions, LogEntry, LogPage, ReadOptions } from './store.ts';

interface Log {
  items: LogEntry[];
  /** The cursor before the first entry that was ever written, and the newest one. */
  readonly start: number;
  last: number;
  expiresAt: number;
  /** UTF-8 bytes of the entries alone. */
  size: number;
}

const utf8 = new TextEncoder();

/** The logs of a store, the least recently written first. */
export class MemoryLogs implements Yielding {
  readonly #space: MemorySpace;
  readonly #logs = new Map<string, Log>();
  /** No forgotten log was longer, so a log that begins anew here never repeats a cursor. */
  #longest = 0;

  constructor(space: MemorySpace) {
    this.#space = space;
    space.givesWay(this);
  }

  append(name: string, value: string, options: AppendOptions): number {
    this.#space.assertOpen();
    const { ttl, maxEntries = Infinity, maxBytes = Infinity } = options;
    const log = this.#find(name) ?? this.#begin(name);
    const size = utf8.encode(value).length;
    while (log.items.length > 0 && (log.items.length >= maxEntries || log.size + size > maxBytes))
      this.#forgetOldest(log);
    this.#space.take(costOf(value));
    log.size += size;
    log.last += 1;
    log.expiresAt = this.#space.endOf(ttl);
    log.items.push({ cursor: log.last, value });
    // What was written to last is the last to give way.
    this.#logs.delete(name);
    this.#logs.set(name, log);
    return log.last;
  }

  read(name: string, { after = 0, limit = 1000 }: ReadOptions): LogPage {
    this.#space.assertOpen();
    const log = this.#find(name);
    if (!log) return { entries: [], complete: after === 0 };
    const first = log.last - log.items.length + 1;
    const from = Math.max(0, after + 1 - first);
    const complete = after + 1 >= first || (after === 0 && first === log.start + 1);
    return { entries: log.items.slice(from, from + limit), complete };
  }

  drop(name: string): void {
    this.#space.assertOpen();
    const log = this.#logs.get(name);
    if (!log) return;
    while (log.items.length > 0) this.#forgetOldest(log);
    this.#remove(name, log);
  }

  expire(now: number): void {
    for (const [name, log] of this.#logs) if (log.expiresAt <= now) this.drop(name);
  }

  yield(): boolean {
    for (const [name, log] of this.#logs) {
      const yielded = this.#forgetOldest(log);
      if (log.items.length === 0) this.#remove(name, log);
      if (yielded) return true;
    }
    return false;
  }

  #find(name: string): Log | undefined {
    const log = this.#logs.get(name);
    if (!log || !this.#space.isOver(log.expiresAt)) return log;
    this.drop(name);
    return undefined;
  }

  #begin(name: string): Log {
    const log = { items: [], start: this.#longest, last: this.#longest, expiresAt: Infinity, size: 0 };
    this.#logs.set(name, log);
    return log;
  }

  #remove(name: string, log: Log): void {
    this.#logs.delete(name);
    this.#longest = Math.max(this.#longest, log.last);
  }

  #forgetOldest(log: Log): boolean {
    const oldest = log.items.shift();
    if (!oldest) return false;
    this.#space.release(costOf(oldest.value));
    log.size -= utf8.encode(oldest.value).length;
    return true;
  }
}

function costOf(value: string): Cost {
  return { entries: 1, bytes: sizeOf('', value) };
}
