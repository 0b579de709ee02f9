import { isMcpError, McpError } from '@trunkline/protocol';

/**
 * What is wrong with what a server's author defined: `invalid-name` (empty, too long, or not printable), `name-taken`
 * (something of this name or address exists), `unknown-name` (nothing of this name exists), `bad-schema` (it cannot be turned into a JSON Schema that clients and the
 * validator understand), `unsafe-pattern` (a regular expression that strangers could stall the server with), `bad-address`
 * (not a URI or URI template that can be offered), `ambiguous-address` (a URI template by which a URI can be read in two
 * ways), `bad-result` (a handler returned what its definition does not allow).
 */
export type DefinitionErrorCode =
  | 'invalid-name'
  | 'name-taken'
  | 'unknown-name'
  | 'bad-schema'
  | 'unsafe-pattern'
  | 'bad-address'
  | 'ambiguous-address'
  | 'bad-result';

/** A definition that is refused; what was defined before lives on. `code` says why, the message names the definition. */
export class DefinitionError extends McpError {
  override readonly code: DefinitionErrorCode;

  constructor(code: DefinitionErrorCode, reason: string, options?: ErrorOptions) {
    super('DefinitionError', `${code}: ${reason}`, options);
    this.code = code;
  }
}

/** Tells whether a value is a {@link DefinitionError}, also one made by another copy of this package. */
export function isDefinitionError(value: unknown): value is DefinitionError {
  return isMcpError(value, 'DefinitionError');
}
