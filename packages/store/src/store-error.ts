import { isMcpError, McpError } from '@trunkline/protocol';

/** Why a store failed: `full` (a limit is reached), `closed` (it was closed), `unavailable` (what it is kept in does not answer). */
export type StoreErrorCode = 'full' | 'closed' | 'unavailable';

/** State could not be read or written. Whatever was to be written may or may not have been when `code` is `unavailable`. */
export class StoreError extends McpError {
  override readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, reason: string, options?: ErrorOptions) {
    super('StoreError', `${code}: ${reason}`, options);
    this.code = code;
  }
}

/** Tells whether a value is a {@link StoreError}, also one made by another copy of this package. */
export function isStoreError(value: unknown): value is StoreError {
  return isMcpError(value, 'StoreError');
}
