import type { Era } from './codec.ts';

/** The published revisions under names that an identifier can have. Dates order as strings. */
export const NOVEMBER_2024 = '2024-11-05';
export const MARCH_2025 = '2025-03-26';
export const JUNE_2025 = '2025-06-18';
export const NOVEMBER_2025 = '2025-11-25';
export const JULY_2026 = '2026-07-28';

/** One published revision of the protocol. */
export interface Revision {
  /** Its date; dates order as strings. */
  readonly date: string;
  readonly era: Era;
  /** Whether an array of messages is one frame. */
  readonly batches: boolean;
}

/** Every revision that Trunkline speaks, newest first. */
export const REVISIONS: readonly Revision[] = [
  { date: JULY_2026, era: 'modern', batches: false },
  { date: NOVEMBER_2025, era: 'legacy', batches: false },
  { date: JUNE_2025, era: 'legacy', batches: false },
  { date: MARCH_2025, era: 'legacy', batches: true },
  { date: NOVEMBER_2024, era: 'legacy', batches: false },
];

/** The newest revision of each era. */
export const LATEST: { readonly modern: string; readonly legacy: string } = {
  modern: JULY_2026,
  legacy: NOVEMBER_2025,
};

/** What a legacy peer speaks that names no revision. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports */
export const ASSUMED_REVISION: string = MARCH_2025;

/** The revision with this date, or `undefined` for one that Trunkline does not speak. */
export function findRevision(date: unknown): Revision | undefined {
  return REVISIONS.find((revision) => revision.date === date);
}

/** The dates of an era's revisions, newest first. */
export function revisionsOf(era: Era): string[] {
  return REVISIONS.filter((revision) => revision.era === era).map((revision) => revision.date);
}
