import { memoryStore } from '@trunkline/store';
import { describe, expect, test } from 'vitest';
import { decodeEventId, encodeEventId } from './event-id.ts';
import { EventLog } from './event-log.ts';

/** Two streams of one session, written in turns: a says 1, 2, 3 and b says x, y. */
async function twoStreams(maxEvents?: number): Promise<{ log: EventLog; cursors: number[] }> {
  const log = new EventLog(memoryStore(), 'session', maxEvents === undefined ? {} : { maxEvents });
  const cursors: number[] = [];
  const last: Record<string, number> = {};
  for (const [stream, said] of [
    ['a', '1'],
    ['b', 'x'],
    ['a', '2'],
    ['b', 'y\nz'],
    ['a', '3'],
  ] as const) {
    const cursor = await log.append(stream, last[stream] ?? 0, said);
    last[stream] = cursor;
    cursors.push(cursor);
  }
  return { log, cursors };
}

describe('a log of events', () => {
  test('repeats one stream after one of its events', async () => {
    const { log, cursors } = await twoStreams();
    const [a1 = 0, b1 = 0, a2 = 0, b2 = 0, a3 = 0] = cursors;
    expect(await log.readAfter('a', a1)).toEqual([
      { cursor: a2, text: '2' },
      { cursor: a3, text: '3' },
    ]);
    expect(await log.readAfter('b', b1)).toEqual([{ cursor: b2, text: 'y\nz' }]);
    expect(await log.readAfter('a', a3)).toEqual([]);
  });

  test('says so when an event of the stream is forgotten, and not when one of another is', async () => {
    const { log, cursors } = await twoStreams(2);
    const [a1 = 0, b1 = 0, a2 = 0, , a3 = 0] = cursors;
    expect(await log.readAfter('a', a1)).toBeUndefined();
    expect(await log.readAfter('b', b1)).toHaveLength(1);
    expect(await log.readAfter('a', a2)).toEqual([{ cursor: a3, text: '3' }]);
  });

  test('knows nothing of what it never had, and nothing when it is dropped', async () => {
    const { log, cursors } = await twoStreams();
    expect(await log.readAfter('a', 0)).toHaveLength(3);
    await log.drop();
    expect(await log.readAfter('a', cursors[0] ?? 0)).toBeUndefined();
  });

  test('of another session is another one', async () => {
    const store = memoryStore();
    const [one, two] = [new EventLog(store, 'one', {}), new EventLog(store, 'two', {})];
    await one.append('a', 0, 'secret');
    expect(await two.readAfter('a', 0)).toEqual([]);
  });

  test('is read to its end, however long it is', async () => {
    const log = new EventLog(memoryStore(), 'session', { maxEvents: 5_000 });
    let last = 0;
    for (let index = 0; index < 2_500; index += 1) last = await log.append('a', last, `${index}`);
    expect(await log.readAfter('a', 1)).toHaveLength(2_499);
  });
});

describe('the id of an event', () => {
  test('names its stream and its place', () => {
    expect(decodeEventId(encodeEventId({ stream: 'ab12', cursor: 7 }))).toEqual({
      stream: 'ab12',
      cursor: 7,
    });
  });

  test.each([
    '',
    'a',
    'a-',
    '-1',
    'a-x',
    'a-1-2',
    'A-1',
    'a-1 ',
    `a-${'1'.repeat(17)}`,
    `${'a'.repeat(41)}-1`,
  ])('is not %j', (id) => expect(decodeEventId(id)).toBeUndefined());
});
