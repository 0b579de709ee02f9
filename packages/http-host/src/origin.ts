import type { RequestHead } from './head.ts';

/** The HTTP request that a message came in. */
export interface HttpOrigin extends RequestHead {
  /** The legacy session that the message belongs to. */
  readonly sessionId?: string;
}

declare module '@trunkline/transport' {
  interface Origin {
    /** Where the message came over HTTP. */
    readonly http?: HttpOrigin;
  }
}
