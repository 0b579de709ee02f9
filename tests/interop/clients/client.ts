import type { LoggingLevel } from '@trunkline/protocol';

/** What every client of these tests can do, so that one case can be put to all of them. */
export interface InteropClient {
  readonly revision: string | undefined;
  readonly serverName: string | undefined;
  /** All tools, the names of all prompts and the addresses of all resources, over all pages. */
  tools(): Promise<readonly { readonly name: string }[]>;
  prompts(): Promise<readonly string[]>;
  resources(): Promise<readonly string[]>;
  /** The addresses on the first page only. */
  firstPage(): Promise<readonly string[]>;
  read(uri: string): Promise<string>;
  prompt(name: string, args: Record<string, string>): Promise<string>;
  /** Calls a tool. Rejects as the client does when the server answers with an error. */
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Outcome>;
  setLogLevel(level: LoggingLevel): Promise<void>;
  /** From now on `Hooks.changed` hears of the list of tools and of this resource. */
  follow(uri: string): Promise<void>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Report) => void;
}

export interface Report {
  readonly progress: number;
  readonly total?: number | undefined;
  readonly message?: string | undefined;
}

/** A result, as far as the cases look at it. */
export interface Outcome {
  readonly content: readonly object[];
  /** The text in the content. */
  readonly text: string;
  readonly structured: unknown;
  readonly isError: boolean;
}

/** How the user, the model and the program at the client's side behave. Cases replace what they need. */
export interface Hooks {
  elicit(message: string): Answer;
  /** What the model says to the last message. */
  sample(text: string): string;
  readonly roots: readonly { uri: string; name: string }[];
  logged(level: string, data: unknown): void;
  /** `tools`, or the address of a resource. */
  changed(what: string): void;
}

export type Answer =
  | { action: 'accept'; content: Record<string, string> }
  | { action: 'decline' }
  | { action: 'cancel' };

export const CLIENT_INFO = { name: 'interop-client', version: '1.0.0' } as const;
export const MODEL = 'test-model';

/** The text of the blocks of a result or the contents of a resource. */
export function textOf(blocks: readonly object[]): string {
  return blocks.map((block) => ('text' in block ? String(block.text) : '')).join('');
}
