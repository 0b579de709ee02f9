import { isMcpError, McpError, type Delivery } from '@trunkline/protocol';

/**
 * What went wrong in a group before a server was asked: `bad-parameters` (a server cannot be reached as described),
 * `dialer-missing` (no dialer for its transport was passed), `unknown-server`, `unknown-component` (no server offers it),
 * `ambiguous` (several do), `call-gone` (a relayed call is no longer open), `closed` (the group is), `misuse`.
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
