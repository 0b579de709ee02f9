/** Picks what a revision has. What it does not have is `undefined`, which `object()` leaves out. */
export interface Dated {
  readonly revision: string;
  readonly since: <S>(first: string, schema: S) => S | undefined;
  readonly until: <S>(last: string, schema: S) => S | undefined;
  readonly only: <S>(revision: string, schema: S) => S | undefined;
}

/** Picks for one revision. */
export function dated(revision: string): Dated {
  return {
    revision,
    since: (first, schema) => (first <= revision ? schema : undefined),
    until: (last, schema) => (revision <= last ? schema : undefined),
    only: (one, schema) => (revision === one ? schema : undefined),
  };
}
