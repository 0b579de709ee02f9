import type { Era, RevisionCodec } from './codec.ts';
import { legacy } from './legacy.ts';
import { modern } from './modern.ts';

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
  { date: '2026-07-28', era: 'modern', batches: false },
  { date: '2025-11-25', era: 'legacy', batches: false },
  { date: '2025-06-18', era: 'legacy', batches: false },
  { date: '2025-03-26', era: 'legacy', batches: true },
  { date: '2024-11-05', era: 'legacy', batches: false },
];

/** The newest revision of each era. */
export const LATEST: { readonly modern: string; readonly legacy: string } = { modern: '2026-07-28', legacy: '2025-11-25' };

/** What a legacy peer speaks that names no revision. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports */
export const ASSUMED_REVISION: string = '2025-03-26';

/** The revision with this date, or `undefined` for one that Trunkline does not speak. */
export function findRevision(date: unknown): Revision | undefined {
  return REVISIONS.find((revision) => revision.date === date);
}

/** The dates of an era's revisions, newest first. */
export function revisionsOf(era: Era): string[] {
  return REVISIONS.filter((revision) => revision.era === era).map((revision) => revision.date);
}

/** The codec of an era. */
export function codecOf(era: Era): RevisionCodec {
  return era === 'modern' ? modern : legacy;
}
