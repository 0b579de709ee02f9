import { CLOSE_TIMEOUT } from '../binding.ts';

/** What a socket of `ws` may do, whichever end it is. */
export interface WireLimits {
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
  readonly closeTimeout: number;
  readonly perMessageDeflate: false;
  readonly autoPong: false;
}

/**
 * The bounds of one message: in bytes, in fragments, and in pieces off the network. Without compression, which takes memory,
 * and without pongs that nobody counts.
 */
export function wireLimits(maxPayload: number): WireLimits {
  return {
    maxPayload,
    maxFragments: 1024,
    maxBufferedChunks: 65_536,
    closeTimeout: CLOSE_TIMEOUT,
    perMessageDeflate: false,
    autoPong: false,
  };
}
