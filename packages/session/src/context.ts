import type {
  ClientCapabilities,
  CreateMessageRequestParams,
  CreateMessageResult,
  ElicitRequestParams,
  ElicitResult,
  Era,
  Implementation,
  JsonObject,
  JsonValue,
  ListRootsResult,
  LoggingLevel,
  RequestId,
} from '@trunkline/protocol';
import type { DetachOptions, Origin } from '@trunkline/transport';

/** What a handler receives beside its params: who asked, how to report, how to ask back, and when to stop. */
export interface Context {
  /** The id that the client gave the request. */
  readonly id: RequestId;
  readonly method: string;
  /** Aborted when the client gave up or nobody can hear the answer any more. */
  readonly signal: AbortSignal;
  /** Facts about the sender that the transport knows. */
  readonly origin: Origin;
  /** Lives as long as the link that the request came on, and is no other link's; absent where nothing outlives the request. */
  readonly session: object | undefined;
  readonly era: Era;
  /** The revision this request is written in. */
  readonly revision: string;
  /** What the client declared; in the modern era with this very request. */
  readonly clientCapabilities: ClientCapabilities;
  /** What the client calls itself. Unverified: for display and logs only. */
  readonly clientInfo: Implementation | undefined;
  /** The `_meta` of the request. */
  readonly meta: JsonObject;
  /** Sends a notification on the lane of this request. Resolves when there is room for more. */
  notify(method: string, params?: JsonObject): Promise<void>;
  /**
   * Reports how far the call has come. `progress` must grow; at most twenty reports a second pass, the newest wins. Does
   * nothing if the client did not ask for progress. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/progress
   */
  progress(progress: number, total?: number, message?: string): Promise<void>;
  /**
   * Sends a log message if the client wants messages of this level.
   * @deprecated since 2026-07-28: write to stderr or use OpenTelemetry. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging
   */
  log(level: LoggingLevel, data: JsonValue, logger?: string): Promise<void>;
  /**
   * Lets the client's stream go while the handler goes on; a client that can comes back for the answer after `retryMs`.
   * Does nothing where there is no such thing. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#sending-messages-to-the-server
   */
  detach(options?: DetachOptions): void;
  /** Asks the client; available in `tools/call`, `prompts/get` and `resources/read`, in both eras. */
  readonly ask: Ask;
  /**
   * Runs a side effect at most once per call, also when the handler is run again to continue after a question, and returns
   * its result each time. The result must be JSON. Two effects of one call need two names.
   */
  once<Value extends JsonValue>(name: string, effect: () => Value | Promise<Value>): Promise<Value>;
}

/** How one question is asked. */
export interface AskOptions {
  /** Names the question within its call. Needed only if the same question may be asked with different words when the handler is run again. */
  readonly key?: string;
}

/**
 * Questions to the client. In the modern era the handler is suspended and run again from its start once the answers are
 * there, so what comes before a question must be repeatable or wrapped in `once`.
 */
export interface Ask {
  /** Asks the user to fill in a form or to open a URL. https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation */
  elicit(params: ElicitRequestParams, options?: AskOptions): Promise<ElicitResult>;
  /**
   * Asks the client's model.
   * @deprecated since 2026-07-28: call the model's provider directly. https://modelcontextprotocol.io/specification/2026-07-28/client/sampling
   */
  sample(params: CreateMessageRequestParams, options?: AskOptions): Promise<CreateMessageResult>;
  /**
   * Asks which directories the client works in.
   * @deprecated since 2026-07-28: take paths as arguments. https://modelcontextprotocol.io/specification/2026-07-28/client/roots
   */
  roots(options?: AskOptions): Promise<ListRootsResult>;
}

/** Answers requests of one method. What it throws reaches the peer only if it is a `RemoteError`. */
export type Handler = (params: JsonObject, context: Context) => unknown;
