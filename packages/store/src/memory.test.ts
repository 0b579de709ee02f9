import { describe, expect, test } from 'vitest';
import { storeCompliance } from './compliance/suite.ts';
import { memoryStore, type MemoryStoreOptions } from './memory.ts';
import type { StoreClock } from './memory-space.ts';
import { isStoreError } from './store-error.ts';
import type { Store } from './store.ts';

class FakeClock implements StoreClock {
  #now = 0;
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  now(): number {
    return this.#now;
  }

  after(delay: number, run: () => void): { cancel(): void } {
    const timer = { at: this.#now + delay, run };
    this.#timers.add(timer);
    return { cancel: () => void this.#timers.delete(timer) };
  }

  get waiting(): number {
    return this.#timers.size;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const timer of this.#timers) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(timer);
      timer.run();
    }
  }
}

storeCompliance(
  'memory',
  () => {
    const clock = new FakeClock();
    const store = memoryStore({ clock });
    return { store, other: store, advance: (milliseconds) => clock.advance(milliseconds) };
  },
  { expiry: true },
  { describe, test },
);

function make(options: MemoryStoreOptions): { store: Store; clock: FakeClock } {
  const clock = new FakeClock();
  return { store: memoryStore({ clock, ...options }), clock };
}

const full = expect.toSatisfy((error: unknown) => isStoreError(error) && error.code === 'full');

describe('the limits of a memory store', () => {
  test('a key that does not fit is refused, and everything else stays', async () => {
    const { store } = make({ maxEntries: 2 });
    await store.set('a', '1');
    await store.set('b', '1');
    await expect(store.set('c', '1')).rejects.toEqual(full);
    await store.set('a', '2');
    expect([await store.get('a'), await store.get('b'), await store.get('c')]).toEqual(['2', '1', undefined]);
  });

  test('bytes are counted, and a value that does not fit leaves the old one', async () => {
    const { store } = make({ maxBytes: 1000 });
    await store.set('a', 'x'.repeat(100));
    await expect(store.set('a', 'x'.repeat(500))).rejects.toEqual(full);
    expect(await store.get('a')).toHaveLength(100);
    await store.delete('a');
    await store.set('b', 'x'.repeat(400));
  });

  test('what has expired makes room', async () => {
    const { store, clock } = make({ maxEntries: 1 });
    await store.set('a', '1', { ttl: 10 });
    clock.advance(20);
    await store.set('b', '1');
    expect(await store.get('b')).toBe('1');
  });

  test('logs make room for keys, the least recently written first, entry by entry', async () => {
    const { store } = make({ maxEntries: 5 });
    for (const entry of ['1', '2']) await store.append('old', entry);
    for (const entry of ['1', '2', '3']) await store.append('new', entry);
    for (const key of ['a', 'b', 'c']) await store.set(key, '1');
    expect((await store.read('old')).entries).toEqual([]);
    expect(await store.read('new')).toEqual({
      entries: [
        { cursor: 2, value: '2' },
        { cursor: 3, value: '3' },
      ],
      complete: false,
    });
  });

  test('a log that fills the store on its own forgets its own beginning', async () => {
    const { store } = make({ maxEntries: 3 });
    for (const entry of ['1', '2', '3', '4', '5']) await store.append('l', entry);
    expect((await store.read('l')).entries.map(({ value }) => value)).toEqual(['3', '4', '5']);
  });

  test('an entry larger than the store is refused', async () => {
    const { store } = make({ maxBytes: 1000 });
    await expect(store.append('l', 'x'.repeat(1000))).rejects.toEqual(full);
    await store.append('l', 'x');
  });

  test('are 1,000,000 entries and 256 MiB unless given', async () => {
    const store = memoryStore();
    await expect(store.set('a', 'x'.repeat(129 * 1024 * 1024))).rejects.toEqual(full);
    for (let batch = 0; batch < 1000; batch += 1)
      await Promise.all(Array.from({ length: 1000 }, (_, index) => store.set(`${batch}.${index}`, '')));
    await expect(store.set('one more', '')).rejects.toEqual(full);
    await store.close();
  });

  test('what expires is forgotten in time, and then no timer is left', async () => {
    const { store, clock } = make({});
    await store.set('a', '1', { ttl: 10 });
    await store.append('l', '1', { ttl: 10 });
    expect(clock.waiting).toBe(1);
    clock.advance(10_000);
    expect(clock.waiting).toBe(0);
  });
});
