import { check, same, type Case } from '../bench.ts';

const ODD_NAMES = ['', ' ', '__proto__', 'constructor', 'a/b:c*?[x]\n', 'ключ', '💾'];
const ODD_VALUES = ['', '\0', '"\\', '\u2028', '💾', 'x'.repeat(1024 * 1024)];

/** What is kept under a key. */
export const keyCases: readonly Case[] = [
  {
    name: 'a key holds what was set last, until it is deleted',
    async run({ store, other }) {
      same(await store.get('k'), undefined, 'before it was set');
      await store.set('k', 'one');
      await store.set('k', 'two');
      same(await other.get('k'), 'two', 'seen from elsewhere');
      same(await store.delete('k'), true, 'deleting it');
      same(await store.delete('k'), false, 'deleting it again');
      same(await store.get('k'), undefined, 'after it was deleted');
    },
  },
  {
    name: 'every string may be a key and a value',
    async run({ store }) {
      for (const [index, key] of ODD_NAMES.entries()) await store.set(key, `v${index}`);
      for (const [index, key] of ODD_NAMES.entries())
        same(await store.get(key), `v${index}`, JSON.stringify(key));
      for (const value of ODD_VALUES) {
        await store.set('value', value);
        check(
          (await store.get('value')) === value,
          `a value of ${value.length} characters came back changed`,
        );
      }
    },
  },
  {
    name: 'a key expires, and setting it anew without a time keeps it',
    needsExpiry: true,
    async run({ store, advance }) {
      await store.set('brief', '1', { ttl: 200 });
      await store.set('kept', '1', { ttl: 200 });
      await store.set('kept', '2');
      same(await store.get('brief'), '1', 'before its time is over');
      await advance(400);
      same(await store.get('brief'), undefined, 'after its time is over');
      same(await store.get('kept'), '2', 'the one without a time');
      same(await store.delete('brief'), false, 'deleting an expired key');
    },
  },
  {
    name: 'compare-and-set writes only over what is expected',
    async run({ store }) {
      same(await store.compareAndSet('k', 'x', 'y'), false, 'over nothing, expecting something');
      same(await store.compareAndSet('k', undefined, 'a'), true, 'over nothing, expecting that');
      same(await store.compareAndSet('k', undefined, 'b'), false, 'over something, expecting nothing');
      same(await store.compareAndSet('k', 'a', 'b'), true, 'over what is expected');
      same(await store.get('k'), 'b', 'what was written');
      same(await store.compareAndSet('k', 'a', undefined), false, 'deleting what is not there');
      same(await store.compareAndSet('k', 'b', undefined), true, 'deleting what is');
      same(await store.get('k'), undefined, 'after that');
    },
  },
  {
    name: 'of many who compare and set at once one succeeds',
    async run({ store, other }) {
      const attempts = Array.from({ length: 40 }, async (_, index) =>
        (index % 2 ? store : other).compareAndSet('lock', undefined, `owner ${index}`),
      );
      const won = (await Promise.all(attempts)).filter(Boolean).length;
      same(won, 1, 'successful attempts');
    },
  },
  {
    name: 'compare-and-set sees an expired key as nothing and gives a time to live',
    needsExpiry: true,
    async run({ store, advance }) {
      await store.compareAndSet('k', undefined, 'a', { ttl: 200 });
      same(await store.compareAndSet('k', undefined, 'b'), false, 'before its time is over');
      await advance(400);
      same(await store.compareAndSet('k', 'a', 'c'), false, 'expecting what expired');
      same(await store.compareAndSet('k', undefined, 'd'), true, 'expecting nothing');
    },
  },
];
