import type { Acceptor } from './transport.ts';

/** Brings peers to a server. A value: nothing is opened before `listen`. */
export interface Listener {
  /** Resolves once peers can be heard; from then on every one of them is handed to `acceptor`. Rejects if listening is impossible. */
  listen(acceptor: Acceptor, options?: ListenOptions): Promise<Listening>;
}

/** What a listener is told by whoever starts it. */
export interface ListenOptions {
  /** Ends the listening, as `close()` does. */
  readonly signal?: AbortSignal;
  /**
   * False when other listeners serve in the same process: then none of them may end the process because its own peers
   * are gone. True when omitted.
   */
  readonly alone?: boolean;
}

/** A listener at work. */
export interface Listening {
  /** Stops accepting, lets running work finish within the listener's grace, then closes every link. Idempotent, never rejects. */
  close(): Promise<void>;
  /** Resolves once, when nothing is listened to any more, for whatever reason. Never rejects. */
  readonly closed: Promise<void>;
  /** Where it can be reached, for people: an address, or `stdio`. */
  readonly describe: string;
}
