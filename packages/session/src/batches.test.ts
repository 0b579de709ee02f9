import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { listing } from './fixtures/listing.ts';
import { ask, cancelled, initialize, modern, notification, open, plain } from './fixtures/served.ts';

const LEGACY_REVISIONS = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05'];

describe('batches', () => {
  const calls = [1, 2].map((id) => plain(id, 'tools/list'));

  test('are answered as one array where 2025-03-26 is agreed on', async () => {
    const { far, runs } = await listing();
    await open(far, { revision: '2025-03-26' });
    far.say([...calls, notification('notifications/odd')]);
    const answer = (await far.next((frame) => Array.isArray(frame))) as unknown as JsonObject[];
    expect(answer.map(({ id }) => id)).toEqual([1, 2]);
    expect(runs()).toBe(2);
  });

  test.each(LEGACY_REVISIONS.filter((revision) => revision !== '2025-03-26'))(
    'are refused with one error where %s is, and no handler runs',
    async (revision) => {
      const { far, runs } = await listing();
      await open(far, { revision });
      const before = far.heard.length;
      far.say(calls);
      expect(await far.next()).toMatchObject({ error: { code: -32600 } });
      expect(await ask(far, plain(3, 'tools/list'))).toHaveProperty('result');
      expect(far.heard).toHaveLength(before + 2);
      expect(runs()).toBe(1);
    },
  );

  test('are refused before initialize, with initialize in them, with modern requests, and when empty', async () => {
    const { far, runs } = await listing();
    const refused: JsonObject[][] = [
      calls,
      [initialize(1, { revision: '2025-03-26' }), plain(2, 'tools/list')],
      [modern(1, 'tools/list'), modern(2, 'tools/list')],
      [],
    ];
    for (const batch of refused) {
      far.say(batch);
      const answer = await far.next();
      expect(answer).toMatchObject({ error: { code: -32600 } });
      expect(answer).not.toHaveProperty('id');
    }
    expect(far.heard).toHaveLength(refused.length);
    await open(far, { revision: '2025-03-26' });
    far.say([modern(1, 'tools/list')]);
    expect(await far.next()).toMatchObject({ error: { code: -32600 } });
    expect(runs()).toBe(0);
  });

  test('answer what was asked, also when part of it is cancelled or fails', async () => {
    const { server, far } = await listing();
    server.handle('tools/call', () => new Promise(() => {}));
    server.handle('prompts/get', () => {
      throw new Error('x');
    });
    await open(far, { revision: '2025-03-26' });
    far.say([
      plain(1, 'tools/call', { name: 'x' }),
      plain(2, 'prompts/get', { name: 'x' }),
      plain(3, 'nope'),
    ]);
    far.say(cancelled(1));
    const answer = (await far.next((frame) => Array.isArray(frame))) as unknown as JsonObject[];
    expect(new Set(answer.map(({ id }) => id))).toEqual(new Set([2, 3]));
  });
});
