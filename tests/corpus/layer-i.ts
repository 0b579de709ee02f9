import type { Entry } from './entry.ts';

/** Several nodes: what they keep and tell each other may be broken or forged. */
export const layerI: readonly Entry[] = [
  {
    id: 'I001',
    about: 'a stored session that cannot be read',
    on: ['cluster'],
    input: { scenario: 'a stored value that is cut off, of the wrong type, of a later version' },
    expect: { reply: { error: -32603, id: 1 }, note: 'that session is dropped, and nothing else' },
  },
  {
    id: 'I002',
    about: 'a message of a node that nobody knows',
    on: ['cluster'],
    input: { scenario: 'published by an unknown node, unsigned, for a forged session, of 50 MB' },
    expect: { note: 'it is dropped and counted' },
  },
];
