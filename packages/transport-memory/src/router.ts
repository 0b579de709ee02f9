import type { Acceptor, Dial } from '@trunkline/transport';
import { memoryPair, type MemoryOptions } from './pair.ts';

/**
 * Dials a server in this process: each call makes a fresh pair, hands one end to the acceptor and returns the other. An
 * acceptor that rejects the link closes it.
 */
export function memoryDial(acceptor: Acceptor, options: MemoryOptions = {}): Dial {
  return () => {
    const [near, far] = memoryPair(options);
    acceptor.link(far).catch((cause: unknown) => far.close(cause as Error));
    return near;
  };
}
