import { createServer } from '@trunkline/server-fast';
import type { Acceptor } from '@trunkline/transport';

/** A server with the tool that every contender has: `add { a, b } → { sum }`. */
export function addServer(): Acceptor {
  const input = {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number' } },
    required: ['a', 'b'],
  } as const;
  const output = { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] } as const;
  return createServer({ name: 'bench', version: '1.0.0' }).tool('add', { input, output }, ({ a, b }) => ({
    sum: a + b,
  }));
}
