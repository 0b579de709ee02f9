import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { addServer } from '../add/official-1.ts';
import type { MemoryLink } from '../memory.ts';

/** Client and server of the official SDK, 1.x, over its own in-memory transport, which passes references. */
export async function connect(): Promise<MemoryLink> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const client = new Client({ name: 'bench', version: '1.0.0' });
  await addServer().connect(far);
  await client.connect(near);
  return {
    async call(a, b) {
      const { structuredContent } = await client.callTool({ name: 'add', arguments: { a, b } });
      return (structuredContent as { readonly sum: number }).sum;
    },
    close: () => client.close(),
  };
}
