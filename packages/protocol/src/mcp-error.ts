// Registered, so that the guards know the errors of another copy of the package and of another realm.
const BRAND: unique symbol = Symbol.for('@trunkline/error');

/**
 * The base of every error that Trunkline raises. `code` is a word for what happened here and a number for what the peer
 * answered, so that the two cannot be mistaken for each other; branch on it, never on the text.
 */
export abstract class McpError extends Error {
  abstract readonly code: string | number;

  constructor(family: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = family;
    Object.defineProperty(this, BRAND, { value: family });
  }

  /** Where this code is explained, relative to the repository's root. */
  get docs(): string {
    return `docs/errors.md#${this.name.toLowerCase()}-${this.code}`;
  }
}

/** Tells whether a value is an error of the named family, also when another copy of the package made it. */
export function isMcpError(value: unknown, family?: string): value is McpError {
  if (typeof value !== 'object' || value === null || !(BRAND in value)) return false;
  return family === undefined || value[BRAND] === family;
}

/**
 * Whether a failed call may have been carried out: `not-sent` may be repeated, `unknown` only when the call is safe to
 * run twice, `answered` means the peer's own answer is why it failed.
 */
export type Delivery = 'not-sent' | 'unknown' | 'answered';
