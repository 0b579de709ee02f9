import type { CacheHints, Era, JsonObject, MirroredParam, ServerCapabilities } from '@trunkline/protocol';
import type { Clock } from './clock.ts';
import type { RequestStateOptions } from './request-state.ts';

/** Bounds of a server; each has a default that suits one process. */
export interface ServerLimits {
  /** Requests that may run at once on one link. 128 unless given. */
  readonly maxRunning?: number;
  /** Self-contained requests that may run at once in the process. 10,000 unless given. */
  readonly maxExchanges?: number;
  /** Milliseconds that a handler may take. 600,000 unless given. */
  readonly maxDuration?: number;
  /** Questions that may be open to one legacy client. 32 unless given. */
  readonly maxQuestions?: number;
  /** Open subscriptions, in all and of one principal. 1,024 and 64 unless given. */
  readonly maxSubscriptions?: number;
  readonly maxSubscriptionsPerPrincipal?: number;
}

/** What a {@link Server} may be told. */
export interface ServerOptions {
  /** What the server offers beside what its handlers show, such as `listChanged`, `logging` or extensions. */
  readonly capabilities?: ServerCapabilities;
  /** How a model should use this server. */
  readonly instructions?: string;
  /** The eras served; both unless given. */
  readonly eras?: readonly Era[];
  /** How long clients may keep what `server/discover` answers. Not at all unless given. */
  readonly discoverCaching?: CacheHints;
  readonly requestState?: RequestStateOptions;
  readonly limits?: ServerLimits;
  /** Hears what the client is not told: what a handler threw, what came in unreadable, what could not be sent. */
  readonly onError?: (error: unknown, method: string) => void;
  /** Names the definition that a suspended call depends on, so that a changed tool does not continue old calls. */
  readonly definitionOf?: (method: string, params: JsonObject) => string;
  /** The arguments of a tool that an envelope repeats, for bindings that compare both with the body. */
  readonly mirrorOf?: (tool: string) => readonly MirroredParam[] | undefined;
  readonly clock?: Clock;
}
