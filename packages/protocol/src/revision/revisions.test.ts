import { describe, expect, test } from 'vitest';
import { clientCodecOf, serverCodecOf } from './codecs.ts';
import { ASSUMED_REVISION, findRevision, LATEST, REVISIONS, revisionsOf } from './revisions.ts';

describe('the revisions', () => {
  test('are the five published ones, newest first', () => {
    expect(REVISIONS.map(({ date, era }) => `${date} ${era}`)).toEqual([
      '2026-07-28 modern',
      '2025-11-25 legacy',
      '2025-06-18 legacy',
      '2025-03-26 legacy',
      '2024-11-05 legacy',
    ]);
    expect(LATEST).toEqual({ modern: '2026-07-28', legacy: '2025-11-25' });
    expect(revisionsOf('legacy')).toHaveLength(4);
    expect(revisionsOf('modern')).toEqual(['2026-07-28']);
  });

  test('have batches in one of them, which is also what a silent peer speaks', () => {
    expect(REVISIONS.filter(({ batches }) => batches).map(({ date }) => date)).toEqual([ASSUMED_REVISION]);
    expect(ASSUMED_REVISION).toBe('2025-03-26');
  });

  test.each(['', '2026-07-29', 'draft', 'constructor', null, undefined, 20260728, ['2026-07-28']])(
    'do not include %j',
    (date) => {
      expect(findRevision(date)).toBeUndefined();
    },
  );

  test('have the codec of their era', () => {
    for (const { era } of REVISIONS)
      expect([clientCodecOf(era).era, serverCodecOf(era).era]).toEqual([era, era]);
  });
});
