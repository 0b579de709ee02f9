import { describe, expect, test } from 'vitest';
import { storeCompliance, type StoreUnderTest } from './compliance.ts';
import { memoryStore } from './memory.ts';
import type { Store } from './store.ts';

/** What the suite says about a store: the cases that fail. */
async function failures(break_: (store: Store) => Partial<Store>): Promise<string[]> {
  const cases: { name: string; body: () => Promise<void> }[] = [];
  const setup = (): StoreUnderTest => {
    let now = 0;
    const store = memoryStore({ clock: { now: () => now, after: () => ({ cancel: () => {} }) } });
    const broken = { ...bound(store), ...break_(store) };
    return { store: broken, other: broken, advance: (milliseconds) => void (now += milliseconds) };
  };
  storeCompliance(
    'broken',
    setup,
    { expiry: true },
    {
      describe: (_name, body) => body(),
      test: (name, body) => void cases.push({ name, body }),
    },
  );
  const failed: string[] = [];
  for (const { name, body } of cases) await body().catch(() => failed.push(name));
  return failed;
}

function bound(store: Store): Store {
  return {
    get: (key) => store.get(key),
    set: (key, value, options) => store.set(key, value, options),
    delete: (key) => store.delete(key),
    compareAndSet: (key, expected, value, options) => store.compareAndSet(key, expected, value, options),
    append: (log, entry, options) => store.append(log, entry, options),
    read: (log, options) => store.read(log, options),
    drop: (log) => store.drop(log),
    publish: (topic, message) => store.publish(topic, message),
    subscribe: (topic, listener) => store.subscribe(topic, listener),
    close: () => store.close(),
  };
}

describe('the suite', () => {
  test('passes a store without a defect', async () => {
    expect(await failures(() => ({}))).toEqual([]);
  });

  test.each<[string, (store: Store) => Partial<Store>, string]>([
    [
      'compare-and-set reads first and writes later',
      (store) => ({
        async compareAndSet(key, expected, value, options) {
          if ((await store.get(key)) !== expected) return false;
          if (value === undefined) await store.delete(key);
          else await store.set(key, value, options);
          return true;
        },
      }),
      'of many who compare and set at once one succeeds',
    ],
    [
      'keys live for ever',
      (store) => ({ set: (key, value) => store.set(key, value) }),
      'a key expires, and setting it anew without a time keeps it',
    ],
    [
      'cursors are times',
      (store) => ({
        async append(log, entry, options) {
          await store.append(log, entry, options);
          return 1_700_000_000_000;
        },
      }),
      'entries written at once all get a cursor of their own',
    ],
    [
      'forgotten entries are not reported',
      (store) => ({
        read: async (log, options) => ({ ...(await store.read(log, options)), complete: true }),
      }),
      'what exceeds a limit of entries is forgotten from the beginning, and the reader is told',
    ],
    [
      'the limits of a log are not kept',
      (store) => ({ append: (log, entry) => store.append(log, entry) }),
      'what exceeds a limit of bytes is forgotten from the beginning',
    ],
    [
      'all logs are one',
      (store) => ({
        append: (_log, entry, options) => store.append('', entry, options),
        read: (_log, options) => store.read('', options),
      }),
      'logs, keys and other logs do not mix',
    ],
    [
      'every topic is heard',
      (store) => ({
        publish: (_topic, message) => store.publish('', message),
        subscribe: (_topic, listener) => store.subscribe('', listener),
      }),
      'other topics, and those that were left, are not heard',
    ],
    [
      'leaving a topic is forgotten',
      (store) => ({
        subscribe: async (topic, listener) => {
          await store.subscribe(topic, listener);
          return async () => {};
        },
      }),
      'other topics, and those that were left, are not heard',
    ],
    [
      'a closed store goes on',
      () => ({ close: async () => {} }),
      'closing twice is harmless, and nothing is done afterwards',
    ],
  ])('rejects a store in which %s', async (_defect, break_, caught) => {
    expect(await failures(break_)).toContain(caught);
  });

  test('leaves out what needs time where a store has none', () => {
    const [titles, names]: [string[], string[]] = [[], []];
    const setup = (): StoreUnderTest => ({ store: memoryStore(), other: memoryStore(), advance: () => {} });
    storeCompliance(
      'timeless',
      setup,
      { expiry: 'keeps everything' },
      {
        describe: (name, body) => {
          titles.push(name);
          body();
        },
        test: (name) => void names.push(name),
      },
    );
    expect(titles).toContain('timeless: logs, 1 left out: keeps everything');
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => name.includes('expire'))).toEqual([]);
  });
});
