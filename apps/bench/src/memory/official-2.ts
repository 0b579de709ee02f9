import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { addServer } from '../add/official-2.ts';
import type { MemoryLink } from '../memory.ts';

/** Client and server of the official SDK, 2.x, in the modern era, over its own in-memory transport, which passes references. */
export async function connect(): Promise<MemoryLink> {
  const [near, far] = InMemoryTransport.createLinkedPair();
  serveStdio(addServer, { transport: far });
  const client = new Client(
    { name: 'bench', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } } },
  );
  await client.connect(near);
  return {
    async call(a, b) {
      const { structuredContent } = await client.callTool({ name: 'add', arguments: { a, b } });
      return (structuredContent as { readonly sum: number }).sum;
    },
    close: () => client.close(),
  };
}
