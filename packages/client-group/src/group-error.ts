import { isMcpError, McpError, type Delivery } from '@trunkline/protocol';

/**
 * What went wrong in a group before a server was asked: `bad-parameters` (a server cannot be reached as described),
 * `dialer-missing` (no dialer for its transport was passed), `unknown-server` (the group has none of that name),
 * `unknown-component` (no server offers it), `ambiguous` (several do), `call-gone` (nobody came back with what a relayed
 * call waited for), `closed` (the group is closed, or the server was removed), `misuse` (a mistake in the calling program).
 */
export type GroupErrorCode =
  | 'bad-parameters'
  | 'dialer-missing'
  | 'unknown-server'
  | 'unknown-component'
  | 'ambiguous'
  | 'call-gone'
  | 'closed'
  | 'misuse';

/** A group could not do what it was asked; no server heard of it unless `delivery` says otherwise. */
export class GroupError extends McpError {
  override readonly code: GroupErrorCode;
  readonly delivery: Delivery;

  constructor(code: GroupErrorCode, reason: string, options: ErrorOptions & { delivery?: Delivery } = {}) {
    super('GroupError', `${code}: ${reason}`, options);
    this.code = code;
    this.delivery = options.delivery ?? 'not-sent';
  }
}

/** Tells whether a value is a {@link GroupError}, also one made by another copy of this package. */
export function isGroupError(value: unknown): value is GroupError {
  return isMcpError(value, 'GroupError');
}
