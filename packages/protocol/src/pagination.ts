import type { RequestParams, Result } from './meta.ts';

/** Marks a place in a list. Opaque: neither parsed nor changed by a client; an empty string is a cursor too. */
export type Cursor = string;

/** Asks for one page of a list: the first, or the one at `cursor`. */
export type PaginatedRequestParams = RequestParams & {
  cursor?: Cursor;
};

/** One page of a list. Without `nextCursor` it is the last. */
export type PaginatedResult = Result & {
  nextCursor?: Cursor;
};
