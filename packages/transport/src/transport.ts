import type {
  JsonRpcErrorResponse,
  JsonRpcMessage,
  JsonRpcNotification,
  JsonRpcRequest,
  MirroredParam,
  RequestId,
} from '@trunkline/protocol';
import type { TransportError } from './transport-error.ts';

/** A live link to one peer that carries JSON-RPC messages both ways. */
export interface Transport {
  /** What this binding can do. Fixed for the life of the link. */
  readonly binding: Binding;
  /** Goes live. Call once; nothing is delivered earlier, so nothing can be lost between construction and wiring. */
  start(receiver: Receiver): Promise<void>;
  /**
   * Sends a message that answers nobody. Resolves once the link took it and has room for more, so awaiting it is the
   * back-pressure; rejects with a `TransportError` if it was not sent. Always settles: `close()` rejects what still waits.
   */
  send(message: JsonRpcRequest | JsonRpcNotification, options?: SendOptions): Promise<void>;
  /** Releases everything. Idempotent, never rejects. Called by whoever called `start`. */
  close(cause?: Error): Promise<void>;
  /** Resolves once, when the link is gone for whatever reason. Never rejects. */
  readonly closed: Promise<TransportClosed>;
}

/** How a link ended: who ended it, and why where that is known. */
export interface TransportClosed {
  readonly by: 'local' | 'remote';
  readonly cause?: Error;
}

/** The end that messages are delivered to: a session, a relay, or a stateless request handler. */
export interface Receiver {
  /**
   * Takes one inbound message, in wire order. Must not throw. A returned promise asks the transport to stop reading
   * until it settles: right for a relay, a deadlock for a session, whose own answer may be behind what it does not read.
   */
  message(message: JsonRpcMessage, exchange: Exchange): void | Promise<void>;
  /** The lane that carried the replies to our request ended before a response came. */
  orphaned?(id: RequestId, cause: TransportError): void;
  /** Something arrived that could not be delivered. The link is still up. A server answers `error.answer`, a client stays silent. */
  fault?(error: TransportError, exchange?: Exchange): void;
}

/** Where a message came from, and the way back. Correlates by object, because the peer chose the id. */
export interface Exchange {
  /**
   * Aborted when nobody can ever listen again: a modern reply stream closed, the link gone, the session ended, the resume
   * window over. A legacy stream that merely dropped does not abort it.
   */
  readonly signal: AbortSignal;
  /** Facts about the sender: `auth`, and what each transport adds by declaration merging. */
  readonly origin: Origin;
  /** Ids chosen by the peer are unique within this object: the link where there is one, else the exchange itself. */
  readonly scope: object;
  /** Our request whose lane this message came on, where the lane tells. */
  readonly inReplyTo?: RequestId;
  /** The batch that the message came in. */
  readonly batch?: Batch;
  /** Sends on the lane the message came in on: notifications first, the response last. A result may be serialized already. */
  send(message: JsonRpcMessage | EncodedResponse): Promise<void>;
  /** Lets the peer's stream go while the work goes on: the peer comes back for the answer. Absent where there is no such thing. */
  detach?(options?: DetachOptions): void;
  /** No answer will follow, as for a cancelled legacy call: a per-request lane completes empty. */
  end(): void;
}

/** How a stream is let go. */
export interface DetachOptions {
  /** Milliseconds after which the peer should come back. */
  readonly retryMs?: number;
}

/** Messages that arrived as one array and are answered as one. Their exchanges share this object. */
export interface Batch {
  /** All of them, in order, available before the first is delivered. */
  readonly messages: readonly JsonRpcMessage[];
  /** Answers the whole batch with one error; what its exchanges send later is dropped. */
  refuse(answer: JsonRpcErrorResponse): void;
}

/** Facts about the sender of a message. Transports add their own member (`http`, `process`, …) by declaration merging. */
export interface Origin {
  /** The verified identity, put there by a `verify` function before the message was parsed. */
  readonly auth?: AuthInfo;
  /** The revision that the binding's envelope claims, where it has one. */
  readonly revision?: string;
}

/** A verified identity. Principals are equal when issuer, subject and client are. */
export interface AuthInfo {
  readonly clientId: string;
  readonly scopes: readonly string[];
  readonly issuer?: string;
  readonly subject?: string;
  /** Seconds since 1970 after which the identity no longer holds. */
  readonly expiresAt?: number;
  /** Whatever else the verifier found out. */
  readonly claims?: Readonly<Record<string, unknown>>;
}

/** What may accompany one outbound message. */
export interface SendOptions {
  /** Gives up on this message; a lane of its own is closed. */
  readonly signal?: AbortSignal;
  /** The revision the message is written in, for envelopes that repeat it. */
  readonly revision?: string;
  /** Body values that the envelope must repeat, raw; the binding encodes them. */
  readonly mirror?: Readonly<Record<string, string | number | boolean>>;
}

/** What a binding can do. `shared`: one ordered channel. `per-request`: each request has its own lane back. */
export interface Binding {
  readonly name: string;
  readonly lanes: 'shared' | 'per-request';
}

/** What a server offers to listeners: one member per lifetime. */
export interface Acceptor {
  /** Answers one self-contained message; nothing outlives it. */
  exchange(message: JsonRpcMessage, exchange: Exchange): void;
  /** Serves what lives on: a legacy session, every shared channel. Starts the link, owns its close, resolves once it is live. */
  link(transport: Transport): Promise<void>;
  /** The arguments of a tool that an envelope repeats, for bindings that compare both. */
  mirrorOf?(tool: string): readonly MirroredParam[] | undefined;
}

/** A response whose result is JSON text already. */
export interface EncodedResponse {
  readonly id: RequestId;
  /** The text of the result member. */
  readonly json: string;
}

/** Makes a fresh link. A `Transport` is used once; reconnecting is dialling again. */
export interface Dial {
  (): Transport;
  /** Names what is dialled, so that facts learnt about it (its era) hold for the next link. No secrets. */
  readonly target?: string;
}
