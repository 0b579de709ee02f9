import type { JsonObject } from '@trunkline/protocol';
import { describe, expect, test } from 'vitest';
import { rejection } from './fixtures/within.ts';
import { joinPages, pagesOf, type PageOptions } from './pagination.ts';

interface Page {
  readonly items: readonly string[];
  nextCursor?: string;
}

interface Book {
  readonly asked: JsonObject[];
  readonly read: (options?: PageOptions) => Promise<Page>;
}

/** A list whose pages follow from the cursor that asks for them. */
function book(pageAt: (cursor: string | undefined, count: number) => Page): Book {
  const asked: JsonObject[] = [];
  return {
    asked,
    read(options = {}) {
      const read = async (params: JsonObject): Promise<Page> => {
        asked.push(params);
        return pageAt(params['cursor'] as string | undefined, asked.length);
      };
      return joinPages<Page>(pagesOf('things/list', read, options), 'items');
    },
  };
}

function endless(): Book {
  return book((_, count) => ({ items: [`${count}`], nextCursor: `c${count}` }));
}

describe('the pages of a list', () => {
  test('are read until one names no next, and joined', async () => {
    const pages: Record<string, Page> = { b: { items: ['3'], nextCursor: 'c' }, c: { items: [] } };
    const { asked, read } = book((cursor) => pages[cursor ?? ''] ?? { items: ['1', '2'], nextCursor: 'b' });
    expect(await read()).toEqual({ items: ['1', '2', '3'] });
    expect(asked).toEqual([{}, { cursor: 'b' }, { cursor: 'c' }]);
  });

  test('may follow an empty cursor', async () => {
    const { asked, read } = book((cursor) =>
      cursor === undefined ? { items: ['1'], nextCursor: '' } : { items: ['2'] },
    );
    expect(await read()).toEqual({ items: ['1', '2'] });
    expect(asked).toEqual([{}, { cursor: '' }]);
  });

  test('may begin at a cursor, also an empty one', async () => {
    const { asked, read } = book(() => ({ items: ['9'] }));
    await read({ cursor: 'x' });
    await read({ cursor: '' });
    expect(asked).toEqual([{ cursor: 'x' }, { cursor: '' }]);
  });

  test('end with an error when a cursor comes twice', async () => {
    const { asked, read } = book(() => ({ items: ['1'], nextCursor: 'again' }));
    expect(await rejection(read())).toMatchObject({ name: 'ProtocolError', code: 'pagination' });
    expect(asked).toHaveLength(2);
  });

  test('end with an error after 64 where no number was asked for', async () => {
    const { asked, read } = endless();
    expect(await rejection(read())).toMatchObject({ name: 'ProtocolError', code: 'pagination' });
    expect(asked).toHaveLength(64);
  });

  test('are as many as were asked for, and the rest is left for the cursor', async () => {
    const { asked, read } = endless();
    expect(await read({ pages: 3 })).toEqual({ items: ['1', '2', '3'], nextCursor: 'c3' });
    expect(asked).toHaveLength(3);
    expect((await endless().read({ pages: 100 })).items).toHaveLength(100);
  });
});
