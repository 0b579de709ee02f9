import { check, same, type Case } from '../bench.ts';
import type { LogPage, Store } from '../../store.ts';

/** What is written to a log. */
export const logCases: readonly Case[] = [
  {
    name: 'entries come back in the order of their cursors, after any of them',
    async run({ store, other }) {
      same(await store.read('l'), { entries: [], complete: true }, 'a log that nobody wrote to');
      const cursors: number[] = [];
      for (let index = 0; index < 10; index += 1) cursors.push(await store.append('l', `e${index}`));
      check(isRising(cursors), `the cursors ${cursors.join()} do not rise`);
      same(valuesIn(await other.read('l')), range(0, 10), 'all of it, from elsewhere');
      same(
        valuesIn(await store.read('l', { after: cursors[3] as number })),
        range(4, 10),
        'after the fourth',
      );
      same(
        valuesIn(await store.read('l', { after: cursors[3] as number, limit: 2 })),
        range(4, 6),
        'two of those',
      );
      same(
        await store.read('l', { after: cursors[9] as number }),
        { entries: [], complete: true },
        'after the last',
      );
    },
  },
  {
    name: 'entries written at once all get a cursor of their own',
    async run({ store, other }) {
      const writers = Array.from({ length: 200 }, async (_, index) =>
        (index % 2 ? store : other).append('l', `e${index}`),
      );
      const cursors = await Promise.all(writers);
      same(new Set(cursors).size, 200, 'different cursors');
      const { entries } = await store.read('l');
      check(
        isRising(entries.map(({ cursor }) => cursor)),
        'the entries are not in the order of their cursors',
      );
      const misplaced = entries.filter(({ cursor, value }) => cursors[Number(value.slice(1))] !== cursor);
      same(misplaced.length, 0, 'entries under the cursor of another');
    },
  },
  {
    name: 'what exceeds a limit of entries is forgotten from the beginning, and the reader is told',
    async run({ store }) {
      const cursors = await fill(store, 10, { maxEntries: 4 });
      const all = await store.read('l');
      same(valuesIn(all), range(6, 10), 'what is left');
      same(all.complete, false, 'whether that is everything');
      same((await store.read('l', { after: cursors[2] as number })).complete, false, 'after a forgotten one');
      same(
        (await store.read('l', { after: cursors[5] as number })).complete,
        true,
        'after the last forgotten one',
      );
    },
  },
  {
    name: 'what exceeds a limit of bytes is forgotten from the beginning',
    async run({ store }) {
      for (let index = 0; index < 10; index += 1) await store.append('l', `${index}é€`, { maxBytes: 20 });
      same(valuesIn(await store.read('l')), ['7é€', '8é€', '9é€'], 'what is left of entries of 6 bytes');
      await store.append('l', 'x'.repeat(100), { maxBytes: 20 });
      same((await store.read('l')).entries.length, 1, 'entries left by one that is too long for all others');
    },
  },
  {
    name: 'a log expires as a whole, after its newest entry',
    needsExpiry: true,
    async run({ store, advance }) {
      await store.append('l', 'e0', { ttl: 300 });
      await advance(200);
      const last = await store.append('l', 'e1', { ttl: 300 });
      await advance(200);
      same(valuesIn(await store.read('l')), range(0, 2), 'before its time is over');
      await advance(400);
      same((await store.read('l')).entries, [], 'after its time is over');
      same((await store.read('l', { after: last - 1 })).complete, false, 'to whom knows a cursor of it');
      check((await store.append('l', 'anew')) > last, 'a log that began anew repeats a cursor');
    },
  },
  {
    name: 'a dropped log is empty, and its cursors are not used again',
    async run({ store }) {
      const cursors = await fill(store, 3, {});
      await store.drop('l');
      await store.drop('l');
      same((await store.read('l')).entries, [], 'after it was dropped');
      const next = await store.append('l', 'anew');
      check(next > (cursors[2] as number), 'a log that began anew repeats a cursor');
      same(
        await store.read('l'),
        { entries: [{ cursor: next, value: 'anew' }], complete: true },
        'the new one',
      );
    },
  },
  {
    name: 'logs, keys and other logs do not mix',
    async run({ store }) {
      await store.set('l', 'key');
      await store.append('l', 'e0');
      await store.append('l2', 'other');
      await store.append('', 'nameless');
      await store.delete('l');
      same(valuesIn(await store.read('l')), range(0, 1), 'the log of that name');
      await store.set('l', 'key');
      await store.drop('l');
      same(await store.get('l'), 'key', 'the key of that name');
      same(valuesIn(await store.read('l2')), ['other'], 'the other log');
    },
  },
];

async function fill(store: Store, count: number, options: { maxEntries?: number }): Promise<number[]> {
  const cursors: number[] = [];
  for (let index = 0; index < count; index += 1) cursors.push(await store.append('l', `e${index}`, options));
  return cursors;
}

function valuesIn({ entries }: LogPage): string[] {
  return entries.map(({ value }) => value);
}

function range(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, index) => `e${from + index}`);
}

function isRising(numbers: readonly number[]): boolean {
  return numbers.every((number, index) => index === 0 || number > (numbers[index - 1] as number));
}
