import type { Binding } from '@trunkline/transport';

/** What HTTP+SSE can do: one stream down, and posts that share it for their answers. */
export const BINDING: Binding = { name: 'sse', lanes: 'shared' };
