import type { RequestOptions } from '@trunkline/http-host/client';

/** How a server is reached over HTTP+SSE. */
export interface SseClientOptions extends RequestOptions {
  /** Where messages are posted to. With it the server need not announce an address, and what it announces is ignored. */
  readonly postUrl?: string | URL;
  /** Milliseconds until the stream must be open and the address known; 10,000 unless given. */
  readonly connectTimeout?: number;
  /** Bytes that one event may have, after decompression. 16 MiB unless given. */
  readonly maxMessageBytes?: number;
  /** Milliseconds for which the stream may be silent, keep-alive included; 300,000 unless given. */
  readonly idleTimeout?: number;
}
