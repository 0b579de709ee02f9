import type { Channel } from './channel.ts';
import { lineDecoder } from './lines.ts';
import { streamChannel, type DuplexStreams } from './stream-channel.ts';

/** What {@link lineChannel} may be told. */
export interface LineChannelOptions {
  /** Longest line that is read, in bytes; 10 MiB unless said. A longer one is skipped and reported. */
  readonly maxBytes?: number;
  /** How long closing waits for a peer that does not read, in milliseconds; 250 unless said. */
  readonly graceMs?: number;
}

/** A channel of newline-delimited frames over two byte streams, as sockets, pipes and workers have them. */
export function lineChannel(
  streams: DuplexStreams<Uint8Array<ArrayBuffer>>,
  { maxBytes = 10 * 1024 * 1024, graceMs = 250 }: LineChannelOptions = {},
): Channel {
  const encoder = new TextEncoder();
  return streamChannel(streams, {
    decoder: ({ frame, fault }) => lineDecoder({ onLine: frame, onFault: fault, maxBytes }),
    encode: (frame) => encoder.encode(`${frame}\n`),
    graceMs,
  });
}
