import type {
  CacheHints,
  Envelope,
  Era,
  Implementation,
  JsonObject,
  JsonValue,
  ServerCodec,
  ServerCapabilities,
} from '@trunkline/protocol';
import type { Exchange } from '@trunkline/transport';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Context, Handler } from '../context.ts';
import type { Leases } from '../leases.ts';
import type { Question } from '../questions.ts';
import type { RequestStates } from '../request-state.ts';
import type { Subscriptions } from '../subscriptions.ts';

/** Everything in which the eras differ for a server. */
export interface ServerEra {
  readonly name: Era;
  readonly codec: ServerCodec;
  /** The methods that the era itself answers. */
  readonly methods: ReadonlyMap<string, EraMethod>;
  /** Runs a handler to its outcome, which may be that the client has to answer something first. */
  serve(handler: Handler, params: JsonObject, request: ServedRequest): unknown;
  /** Asks the client on behalf of a running handler. */
  ask(question: Question, request: ServedRequest): Promise<JsonObject>;
  /** Runs an effect at most once per call. */
  once(
    name: string,
    effect: () => JsonValue | Promise<JsonValue>,
    request: ServedRequest,
  ): Promise<JsonValue>;
  /** Whether a handler's reports are old news that the client heard when the handler ran before. */
  silent(request: ServedRequest): boolean;
}

/** A method that belongs to the era and not to the server's author. */
export interface EraMethod {
  /** Whether the request counts against the limit of running requests and must end within the handler's time. */
  readonly bounded: boolean;
  /** Whether the client may give up on it. It may unless told otherwise. */
  readonly cancellable?: false;
  readonly handle: (params: JsonObject, request: ServedRequest) => unknown;
}

/** One client as a request finds it: what it said of itself, and the era in which it is spoken to. */
export interface Conversation {
  readonly era: ServerEra;
  readonly envelope: Envelope;
}

/** A running request as the eras see it. */
export interface ServedRequest extends Context {
  readonly params: JsonObject;
  readonly exchange: Exchange;
  readonly conversation: Conversation;
  readonly core: ServerCore;
  /** The link the request came on; absent for a self-contained exchange. */
  readonly link: ServedLink | undefined;
  readonly aborted: boolean;
}

/** A link as the eras see it. */
export interface ServedLink {
  readonly caller: Caller;
  /** What `initialize` agreed on; absent before it. */
  conversation: Conversation | undefined;
  /** Resources whose updates a legacy client subscribed to. Throws when they become too many. */
  follow(uri: string): void;
  unfollow(uri: string): void;
}

/** The server as the eras see it. */
export interface ServerCore {
  readonly clock: Clock;
  readonly info: Implementation;
  readonly instructions: string | undefined;
  readonly capabilities: () => ServerCapabilities;
  /** The modern revisions served, newest first. */
  readonly revisions: readonly string[];
  /** How long a client may keep what `server/discover` answered. */
  readonly discoverCaching: CacheHints;
  /** Aborted when the server closes: what listens is ended gracefully. */
  readonly closing: AbortSignal;
  /** Counts the open subscriptions. */
  readonly listeners: Leases;
  readonly requestStates: RequestStates;
  readonly subscriptions: Subscriptions;
  /** What a retried call must still be about, beside its params: the definition that the handler belongs to. */
  definitionOf(method: string, params: JsonObject): string;
}
