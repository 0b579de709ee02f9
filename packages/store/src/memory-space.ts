import { StoreError } from './store-error.ts';

/** Where a store takes its time from. */
export interface StoreClock {
  /** Milliseconds on a clock that never jumps. */
  now(): number;
  /** Runs `run` once, `delay` milliseconds from now, unless cancelled. Need not keep the process alive. */
  after(delay: number, run: () => void): { cancel(): void };
}

/** What something takes of the room there is. */
export interface Cost {
  readonly entries: number;
  readonly bytes: number;
}

/** Something that can make room by forgetting. */
export interface Yielding {
  /** Forgets what is over by now. */
  expire(now: number): void;
  /** Forgets a part of what it keeps; `false` if there is nothing left. */
  yield(): boolean;
}

/** Bounds of a {@link MemorySpace}. */
export interface SpaceOptions {
  readonly maxEntries?: number;
  readonly maxBytes?: number;
  readonly clock?: StoreClock;
}

interface Value extends Cost {
  readonly value: string;
  /** On the clock's milliseconds. */
  readonly expiresAt: number;
}

/** What an entry costs beside its characters, roughly. */
const OVERHEAD = 64;
const SWEEP_EVERY = 10_000;

/** The keys of a store, and the account of everything that it keeps. */
export class MemorySpace {
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  readonly #clock: StoreClock;
  readonly #values = new Map<string, Value>();
  #yielding: Yielding | undefined;
  #entries = 0;
  #bytes = 0;
  #sweep: { cancel(): void } | undefined;
  #closed = false;

  constructor({ maxEntries = 1_000_000, maxBytes = 256 * 1024 * 1024, clock = platformClock }: SpaceOptions) {
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** Names who makes room when there is none. */
  givesWay(yielding: Yielding): void {
    this.#yielding = yielding;
  }

  get(key: string): string | undefined {
    this.assertOpen();
    const kept = this.#values.get(key);
    return kept && !this.isOver(kept.expiresAt) ? kept.value : undefined;
  }

  set(key: string, value: string, ttl: number | undefined): void {
    this.assertOpen();
    const previous = this.#values.get(key);
    this.#forget(key);
    const kept = { value, entries: 1, bytes: sizeOf(key, value), expiresAt: this.endOf(ttl) };
    try {
      this.take(kept);
      this.#values.set(key, kept);
    } catch (error) {
      // What does not fit leaves the key as it was.
      if (previous) {
        this.#count(previous, 1);
        this.#values.set(key, previous);
      }
      throw error;
    }
  }

  delete(key: string): boolean {
    const was = this.get(key) !== undefined;
    this.#forget(key);
    return was;
  }

  /** When something ends that is to be kept for so long from now. */
  endOf(ttl: number | undefined): number {
    if (ttl === undefined) return Infinity;
    this.#sweep ??= this.#clock.after(SWEEP_EVERY, () => this.#expire());
    return this.#clock.now() + ttl;
  }

  /** Whether something that ends then is over. */
  isOver(expiresAt: number): boolean {
    return expiresAt <= this.#clock.now();
  }

  /** Enters something into the account; throws `full` if there is no room and none can be made. */
  take(next: Cost): void {
    while (this.#exceeds(next)) {
      if (this.#makesRoom()) continue;
      throw new StoreError(
        'full',
        `${this.#entries} entries of ${this.#bytes} bytes leave no room for ${next.bytes} more`,
      );
    }
    this.#count(next, 1);
  }

  /** Takes something out of the account. */
  release(cost: Cost): void {
    this.#count(cost, -1);
  }

  assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'this store was closed');
  }

  close(): void {
    this.#closed = true;
    this.#sweep?.cancel();
    this.#values.clear();
  }

  #exceeds({ entries, bytes }: Cost): boolean {
    return this.#entries + entries > this.#maxEntries || this.#bytes + bytes > this.#maxBytes;
  }

  #makesRoom(): boolean {
    const before = this.#entries;
    this.#expireNow();
    return this.#entries < before || this.#yielding?.yield() === true;
  }

  #expire(): void {
    this.#sweep = undefined;
    this.#expireNow();
    if (this.#entries > 0) this.#sweep = this.#clock.after(SWEEP_EVERY, () => this.#expire());
  }

  #expireNow(): void {
    const now = this.#clock.now();
    for (const [key, kept] of this.#values) {
      if (kept.expiresAt <= now) this.#forget(key);
    }
    this.#yielding?.expire(now);
  }

  #forget(key: string): void {
    const kept = this.#values.get(key);
    if (!kept) return;
    this.#values.delete(key);
    this.release(kept);
  }

  #count({ entries, bytes }: Cost, sign: 1 | -1): void {
    this.#entries += sign * entries;
    this.#bytes += sign * bytes;
  }
}

/** What a name and a value take. Two bytes a character is what the engine may need for each. */
export function sizeOf(name: string, value: string): number {
  return OVERHEAD + 2 * (name.length + value.length);
}

const platformClock: StoreClock = {
  now: () => performance.now(),
  after(delay, run) {
    const timer: unknown = setTimeout(run, delay);
    // Forgetting is no reason for a process to stay.
    if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
    return { cancel: () => clearTimeout(timer as number) };
  },
};
