import type { Client } from './pairs.ts';

/** What a peer cannot do, and why: no fault of Trunkline's, and nothing that Trunkline could do better. */
export const CANNOT: readonly { readonly client: Client; readonly what: string; readonly why: string }[] = (
  ['official 1.x', 'official 2.x'] as const
).map((client) => ({
  client,
  what: 'progress that arrives with the answer',
  why: 'handles notifications in a later microtask and forgets who listens as soon as the answer is in',
}));
