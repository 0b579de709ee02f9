import type { RequestId } from '@trunkline/protocol';

/** One piece of bad input, and what becomes of it. */
export interface Entry {
  /** The layer's letter and a number; never used for anything else. */
  readonly id: string;
  /** What is bad about it. */
  readonly about: string;
  /** Where it can come in. */
  readonly on: readonly Surface[];
  readonly input: Input;
  readonly expect: Expectation;
}

/** A side of a binding. What is left out of an entry's `on` cannot carry its input, or is not concerned. */
export type Surface =
  | 'memory'
  | 'stdio'
  | 'http-modern'
  | 'http-legacy'
  | 'sse'
  | 'ws'
  | 'client'
  | 'client-modern'
  | 'stdio-client'
  | 'http-client'
  | 'sse-client'
  | 'auth-client'
  | 'auth-server'
  | 'cluster';

/** What comes in. */
export type Input =
  /** One frame, line or body. */
  | { readonly text: string }
  | { readonly bytes: Uint8Array<ArrayBuffer> }
  /** Too large to be written down. */
  | { readonly make: () => string | Uint8Array<ArrayBuffer> }
  /** What a server sends to a client that waits for the answer to its call, which is request 1. */
  | { readonly answer: string }
  /** A whole request, its lines ended by CRLF. */
  | { readonly request: string }
  /** More than one step; whoever runs it knows it by its id. */
  | { readonly scenario: string };

/** Which eras a server serves, and whether its peer has opened a session: only a legacy one needs one. */
export type Served = 'dual' | 'modern' | 'legacy' | 'legacy-unopened';

/** What is to happen. Whatever it is, the peer is served afterwards as if nothing had been. */
export interface Expectation {
  /** What a server sends back, or what it is on each server it is meant for. Absent where nothing is to be told. */
  readonly reply?: Reply | Partial<Readonly<Record<Served, Reply>>>;
  /** The status of the HTTP response; of a list, one. */
  readonly status?: number | readonly number[];
  /** How a client's call that waits is failed. */
  readonly rejects?: Rejection;
  /** The code of what a client reports to its logger. */
  readonly reports?: string;
  /** Whether the connection ends with it, or the status code of a closing frame. The connection goes on unless said. */
  readonly closes?: true | number;
  /** Most that it may cost. */
  readonly bounds?: { readonly heapMiB?: number; readonly busyMs?: number };
  /** What a machine does not see in the rest. */
  readonly note?: string;
}

/** An answer. `id: null` means that it carries none. */
export type Reply =
  | 'nothing'
  | { readonly error: number; readonly id: RequestId | null; readonly data?: object }
  | { readonly result: object; readonly id: RequestId };

/** An error of our own, or of the peer, by its family and code. */
export interface Rejection {
  readonly family: 'RemoteError' | 'ProtocolError' | 'TransportError' | 'SessionError' | 'AuthError';
  readonly code: string | number;
}

/** Tells one reply for all servers from one for each. */
export function isReply(reply: NonNullable<Expectation['reply']>): reply is Reply {
  return reply === 'nothing' || 'error' in reply || 'result' in reply;
}

/** The entry's text, or bytes, ready to be sent; `undefined` for a scenario. */
export function payload(input: Input): string | Uint8Array<ArrayBuffer> | undefined {
  if ('text' in input) return input.text;
  if ('bytes' in input) return input.bytes;
  if ('make' in input) return input.make();
  if ('answer' in input) return input.answer;
  return 'request' in input ? input.request : undefined;
}
