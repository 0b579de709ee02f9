import type { AuthInfo } from '@trunkline/transport';

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
  readonly headers: Readonly<Record<string, string>>;
  /** What the answer says, as JSON text. */
  readonly body: string;
}

/** Says who sends a request, before its body is read: the `verify` option of a transport. */
export type Verify = (head: RequestHead) => Promise<AuthInfo | Challenge>;
