import type { AuthInfo } from '@trunkline/transport';

/** Header fields by name. */
export type Fields = Readonly<Record<string, string>>;

/** What an HTTP request says before its body. */
export interface RequestHead {
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  /** A field by its name in lower case. Several lines of it are joined by commas. */
  header(this: void, name: string): string | undefined;
}

/** Turns a request away, and says what would make it welcome. */
export interface Challenge {
  readonly status: number;
  readonly headers?: Fields;
  /** What the answer says, as JSON text. */
  readonly body?: string;
}

/** Who sends a request: a verified identity, nobody in particular, or a challenge. Decided before the body is read. */
export type Verify = (
  head: RequestHead,
) => AuthInfo | Challenge | undefined | Promise<AuthInfo | Challenge | undefined>;
