import { connect as open } from '@trunkline/server-fast/testing';
import type { ClientOptions } from '@trunkline/session';
import { addServer } from './add/trunkline.ts';

/** A client linked to a server of its own in this process. */
export interface MemoryLink {
  /** Calls the tool `add` and resolves with the sum. */
  call(a: number, b: number): Promise<number>;
  close(): Promise<void>;
}

/** Trunkline's client and server over the memory transport, in the modern era unless said. Others may drive it too. */
export async function connect(options: Pick<ClientOptions, 'eras'> = {}): Promise<MemoryLink> {
  const client = await open(addServer(), options);
  return {
    async call(a, b) {
      const { structuredContent } = await client.callTool('add', { a, b });
      return (structuredContent as { readonly sum: number }).sum;
    },
    close: () => client.close(),
  };
}
