import { ProtocolError, type JsonObject } from '@trunkline/protocol';

/** Which pages of a list are wanted. */
export interface PageOptions {
  /** Where to begin; the beginning unless given. An empty text is a cursor too. */
  readonly cursor?: string | undefined;
  /** How many pages to read at most; the rest is left for `nextCursor`. All unless given. */
  readonly pages?: number | undefined;
}

/** Pages after which a list without an end is given up. */
const MAX_PAGES = 64;

/**
 * Reads the pages of a list one after the other. Fails with `pagination` when a cursor comes back or more than 64 pages
 * come without a limit being given. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/pagination
 */
export async function* pagesOf<Page extends { nextCursor?: string }>(
  method: string,
  read: (params: JsonObject) => Promise<Page>,
  { cursor, pages = Infinity }: PageOptions,
): AsyncGenerator<Page, void, undefined> {
  const seen = new Set<string>();
  let next = cursor;
  for (let count = 1; ; count += 1) {
    const page = await read(next === undefined ? {} : { cursor: next });
    yield page;
    next = page.nextCursor;
    if (next === undefined || count >= pages) return;
    if (seen.has(next))
      throw new ProtocolError('pagination', `${method} gave the cursor ${JSON.stringify(next)} twice`);
    if (count >= MAX_PAGES && pages === Infinity) {
      throw new ProtocolError(
        'pagination',
        `${method} has more than ${MAX_PAGES} pages; ask for a number of pages`,
      );
    }
    seen.add(next);
  }
}

/** One list made of its pages: the items joined, everything else from the last page. */
export async function joinPages<Page extends { nextCursor?: string }>(
  pages: AsyncIterable<Page>,
  items: keyof Page,
): Promise<Page> {
  const joined: unknown[] = [];
  let last: Page | undefined;
  for await (const page of pages) {
    joined.push(...(page[items] as readonly unknown[]));
    last = page;
  }
  return { ...(last as Page), [items]: joined };
}
