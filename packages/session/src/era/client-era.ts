import type {
  ClientCapabilities,
  ClientCodec,
  Era,
  Implementation,
  JsonObject,
  JsonRpcNotification,
  LoggingLevel,
  Outcome,
  RequestId,
  ServerCapabilities,
} from '@trunkline/protocol';
import type { Binding } from '@trunkline/transport';
import type { Caller, OutboundOptions } from '../caller.ts';
import type { Listening, ListenOptions } from '../listening.ts';
import type { Change, Subscriptions } from '../subscriptions.ts';

/** Everything in which the eras differ for a client. */
export interface ClientEra {
  readonly name: Era;
  readonly codec: ClientCodec;
  /** Whether a server may send requests. */
  readonly serverMayAsk: boolean;
  /** The cheapest request that tells whether the server is there. */
  readonly ping: string;
  /** Finds out who the server is and what it offers, and agrees on a revision. */
  open(opening: Opening): Promise<Opened>;
  /** How the server is told that nobody waits for an answer any more; `undefined` where the lane tells it. */
  cancel(id: RequestId, reason: string, binding: Binding): JsonRpcNotification | undefined;
  /** Follows changes until closed. */
  listen(link: OpenLink, options: ListenOptions): Promise<Listening>;
  /** Asks for log messages of a level and above. */
  setLogLevel(link: OpenLink, level: LoggingLevel): Promise<void>;
}

/** What a client brings to a new link. */
export interface Opening {
  readonly caller: Caller;
  readonly binding: Binding;
  readonly info: Implementation;
  readonly capabilities: ClientCapabilities;
  readonly signal: AbortSignal | undefined;
  /** Milliseconds to wait for the server. */
  readonly timeout: number;
  /** Sends a notification on the link. */
  readonly notify: (notification: JsonRpcNotification, revision: string) => Promise<void>;
}

/** What was agreed on when a link was opened. */
export interface Opened {
  readonly revision: string;
  readonly capabilities: ServerCapabilities;
  /** What the server calls itself. Unverified: for display and logs only. */
  readonly serverInfo: Implementation | undefined;
  readonly instructions: string | undefined;
}

/** An opened link as the eras see it. */
export interface OpenLink {
  readonly opened: Opened;
  /** Aborted, with the error that says so, when the link is gone. */
  readonly lost: AbortSignal;
  /** Brings the server's unsolicited change notifications to those who follow them. */
  readonly changes: Subscriptions;
  /** Hears every change that the server tells of, before those who follow it. */
  readonly onChange: ((change: Change) => void) | undefined;
  call(method: string, params: JsonObject | undefined, options?: OutboundOptions): Promise<Outcome>;
  /** From now on every request asks for log messages of this level. */
  stampLogLevel(level: LoggingLevel): void;
}
