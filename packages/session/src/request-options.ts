import type { JsonObject } from '@trunkline/protocol';
import type { OutboundOptions } from './caller.ts';

/** How one call is made. */
export interface RequestOptions extends OutboundOptions {
  /** Asks the server even if its answer is cached. */
  readonly fresh?: boolean | undefined;
  /** Whether making this request twice does no more than making it once, whatever is known of it otherwise. */
  readonly idempotent?: boolean | undefined;
  /** More `_meta` for the request, such as trace context. https://modelcontextprotocol.io/specification/2026-07-28/basic#_meta */
  readonly meta?: JsonObject | undefined;
  /**
   * What becomes of a call that needs input: `fulfil` answers with the client's own handlers and goes on, `return` gives
   * the input-required result to the caller. `fulfil` unless given.
   */
  readonly inputRequired?: 'fulfil' | 'return' | undefined;
}
