import type { RequestHead } from './head.ts';

/** The HTTP request that a message came in. */
export interface HttpOrigin extends RequestHead {
  /** The legacy session that the message belongs to. */
  readonly sessionId?: string;
  /**
   * Lets the client go while a legacy request is still being served: its connection is closed, and what is sent from now on
   * waits until the client asks for it, after `retry` milliseconds. Absent where the client could not come back.
   * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
   */
  detach?(options?: { readonly retry?: number }): void;
}

declare module '@trunkline/transport' {
  interface Origin {
    /** Where the message came over HTTP. */
    readonly http?: HttpOrigin;
  }
}
