import {
  ErrorCode,
  isNotification,
  isRequest,
  mergeCapabilities,
  MetaKey,
  methodNotFound,
  revisionsOf,
  unsupportedProtocolVersion,
  type ClientNotifications,
  type ClientRequests,
  type Era,
  type Implementation,
  type InputRequiredResult,
  type JsonObject,
  type JsonRpcError,
  type JsonRpcMessage,
  type JsonRpcNotification,
  type JsonRpcRequest,
  type MirroredParam,
  type RequestId,
  type ServerCapabilities,
} from '@trunkline/protocol';
import type { Acceptor, Exchange, Transport } from '@trunkline/transport';
import { Batches } from './batches.ts';
import { callListener } from './call-listener.ts';
import { systemClock, type Clock } from './clock.ts';
import type { Context, Handler } from './context.ts';
import { Dispatcher, type DispatcherOptions } from './dispatcher.ts';
import { anonymousConversation, modernServer } from './era/eras.ts';
import type { Conversation, ServerCore } from './era/server-era.ts';
import { Handlers, type Layer } from './handlers.ts';
import { Leases } from './leases.ts';
import { RequestContext } from './request-context.ts';
import { RequestStates } from './request-state.ts';
import { inferCapabilities } from './server-capabilities.ts';
import { ServerLink } from './server-link.ts';
import type { ServerOptions } from './server-options.ts';
import { Subscriptions, type Change } from './subscriptions.ts';

/** The methods whose handlers may return what they need to know first instead of a result. */
type AskingMethod = 'tools/call' | 'prompts/get' | 'resources/read';

/** What a handler of one method returns. */
export type OutcomeOf<Method extends keyof ClientRequests> =
  | ClientRequests[Method]['result']
  | (Method extends AskingMethod ? InputRequiredResult : never);

/** Answers the requests of one method with its result. */
export type HandlerOf<Method extends keyof ClientRequests> = (
  params: ClientRequests[Method]['params'],
  context: Context,
) => OutcomeOf<Method> | Promise<OutcomeOf<Method>>;

/**
 * One registry of handlers that serves every client over every link, in both eras at once. Handlers may be added and
 * removed at any time. Pass it to listeners as their `Acceptor`.
 */
export class Server implements Acceptor {
  readonly #handlers = new Handlers();
  readonly #listeners = new Map<string, (params: JsonObject, exchange: Exchange) => void>();
  readonly #links = new Set<ServerLink>();
  readonly #batches = new Batches();
  readonly #exchanges: Dispatcher;
  readonly #eras: ReadonlySet<Era>;
  readonly #options: ServerOptions;
  readonly #clock: Clock;
  readonly #core: ServerCore;
  #declared: ServerCapabilities;
  #capabilities: ServerCapabilities | undefined;
  readonly #closing = new AbortController();

  constructor(info: Implementation, options: ServerOptions = {}) {
    this.#options = options;
    this.#declared = options.capabilities ?? {};
    this.#clock = options.clock ?? systemClock;
    this.#eras = new Set(options.eras ?? ['modern', 'legacy']);
    this.#exchanges = new Dispatcher(this.#dispatching(options.limits?.maxExchanges ?? 10_000));
    this.#core = {
      clock: this.#clock,
      info,
      instructions: options.instructions,
      capabilities: () => this.capabilities,
      revisions: revisionsOf('modern'),
      discoverCaching: options.discoverCaching ?? {},
      closing: this.#closing.signal,
      listeners: new Leases(
        'subscriptions',
        options.limits?.maxSubscriptions ?? 1024,
        options.limits?.maxSubscriptionsPerPrincipal ?? 64,
      ),
      requestStates: new RequestStates(this.#clock, options.requestState),
      subscriptions: new Subscriptions(),
      definitionOf: options.definitionOf ?? (() => ''),
    };
  }

  /** What the server tells clients it offers: what was given, and what its handlers show. */
  get capabilities(): ServerCapabilities {
    this.#capabilities ??= inferCapabilities(this.#handlers.methods, this.#declared);
    return this.#capabilities;
  }

  /** Offers more from now on, beside what was given and what the handlers show. */
  declare(capabilities: ServerCapabilities): this {
    this.#declared = mergeCapabilities(this.#declared, capabilities);
    this.#capabilities = undefined;
    return this;
  }

  /** Answers a method from now on, in every era that has it. */
  handle<Method extends keyof ClientRequests>(method: Method, handler: HandlerOf<Method>): this;
  handle(method: string, handler: Handler): this;
  handle(method: string, handler: Handler): this {
    this.#capabilities = undefined;
    this.#handlers.set(method, handler);
    return this;
  }

  /** Stops answering a method; tells whether it was answered. */
  remove(method: string): boolean {
    this.#capabilities = undefined;
    return this.#handlers.delete(method);
  }

  /** Wraps every handler, inside the layers added before. */
  use(layer: Layer): this {
    this.#handlers.use(layer);
    return this;
  }

  /** Hears a client's notifications of one method. */
  onNotification<Method extends keyof ClientNotifications>(
    method: Method,
    listener: (params: ClientNotifications[Method]['params'], exchange: Exchange) => void,
  ): this;
  onNotification(method: string, listener: (params: JsonObject, exchange: Exchange) => void): this;
  onNotification(method: string, listener: (params: JsonObject, exchange: Exchange) => void): this {
    this.#listeners.set(method, listener);
    return this;
  }

  /** Tells every client that follows it, in either era, that something changed. Bursts reach a client as one notification. */
  changed(change: Change): void {
    this.#core.subscriptions.publish(change);
  }

  async link(transport: Transport): Promise<void> {
    const link = new ServerLink(transport, {
      clock: this.#clock,
      maxPending: this.#options.limits?.maxQuestions ?? 32,
      dispatcher: new Dispatcher(this.#dispatching(this.#options.limits?.maxRunning ?? 128)),
      subscriptions: this.#core.subscriptions,
      capabilities: this.#core.capabilities,
      request: (request, exchange) => this.#serve(request, exchange, link),
      notification: (notification, exchange) => this.#notice(notification, exchange, link),
      closed: () => this.#links.delete(link),
      onError: this.#onError,
    });
    if (this.#closing.signal.aborted) return link.close();
    this.#links.add(link);
    await link.start();
  }

  exchange(message: JsonRpcMessage, exchange: Exchange): void {
    const { batch, origin } = exchange;
    if (batch && !this.#batches.admit(batch, anonymousConversation(origin.revision).envelope.revision))
      return;
    if (isRequest(message)) this.#serve(message, exchange, undefined);
    else if (isNotification(message)) this.#notice(message, exchange, undefined);
  }

  mirrorOf(tool: string): readonly MirroredParam[] | undefined {
    return this.#options.mirrorOf?.(tool);
  }

  /**
   * Ends gracefully: subscriptions get their final answer, running handlers get `grace` milliseconds (10,000 unless given)
   * and are then told to stop, links are closed. Idempotent, never rejects.
   */
  async close(options: { readonly grace?: number } = {}): Promise<void> {
    this.#closing.abort();
    const dispatchers = [this.#exchanges, ...[...this.#links].map((link) => link.dispatcher)];
    await this.#within(
      options.grace ?? 10_000,
      Promise.all(dispatchers.map((dispatcher) => dispatcher.idle())),
    );
    for (const dispatcher of dispatchers) dispatcher.abortAll(new Error('the server is closing'));
    await Promise.all([...this.#links].map((link) => link.close()));
  }

  #serve(request: JsonRpcRequest, exchange: Exchange, link: ServerLink | undefined): void {
    const conversation = this.#conversation(request, exchange, link);
    if ('code' in conversation) return this.#refuse(request, exchange, conversation);
    const served = this.#handlers.find(request.method, conversation.era);
    if (!served) {
      return this.#refuse(request, exchange, methodNotFound(request.method).toJSON());
    }
    const context = new RequestContext(request, exchange, served, conversation, this.#core, link);
    if (link) link.dispatcher.run(request.id, context);
    else this.#exchanges.run(exchange, context);
  }

  /** Which era a request is in: said by the request itself, else by the session it belongs to. */
  #conversation(
    request: JsonRpcRequest,
    exchange: Exchange,
    link: ServerLink | undefined,
  ): Conversation | JsonRpcError {
    if (this.#eras.has('modern')) {
      const envelope = modernServer.codec.decodeEnvelope(request.params);
      if (envelope && 'code' in envelope) return envelope;
      if (envelope) return { era: modernServer, envelope };
    }
    if (!this.#eras.has('legacy')) return noEnvelope(request);
    if (!link) return anonymousConversation(exchange.origin.revision);
    if (link.conversation) return link.conversation;
    if (OPENING_METHODS.has(request.method)) return anonymousConversation(undefined);
    return {
      code: ErrorCode.InvalidRequest,
      message: `${request.method} before initialize, and without the metadata that stands for it`,
    };
  }

  #notice(
    { method, params = {} }: JsonRpcNotification,
    exchange: Exchange,
    link: ServerLink | undefined,
  ): void {
    if (method === 'notifications/initialized') link?.ready();
    if (method === 'notifications/cancelled')
      link?.cancel(params['requestId'] as RequestId, params['reason']);
    callListener(
      () => this.#listeners.get(method)?.(params, exchange),
      (error) => this.#onError(error, method),
    );
  }

  #refuse({ id, method }: JsonRpcRequest, exchange: Exchange, error: JsonRpcError): void {
    exchange.send({ jsonrpc: '2.0', id, error }).catch((cause: unknown) => this.#onError(cause, method));
  }

  #dispatching(maxRunning: number): DispatcherOptions {
    return {
      clock: this.#clock,
      maxRunning,
      maxDuration: this.#options.limits?.maxDuration ?? 600_000,
      onError: this.#onError,
    };
  }

  readonly #onError = (error: unknown, method: string): void =>
    callListener(() => this.#options.onError?.(error, method));

  async #within(milliseconds: number, work: Promise<unknown>): Promise<void> {
    let over: () => void = () => {};
    const timer = this.#clock.after(milliseconds, () => over());
    await Promise.race([work, new Promise<void>((resolve) => (over = resolve))]);
    timer.cancel();
  }
}

/** What a session may begin with before anything was agreed on. */
const OPENING_METHODS: ReadonlySet<string> = new Set(['initialize', 'ping']);

function noEnvelope({ method, params }: JsonRpcRequest): JsonRpcError {
  const requested = params?.['protocolVersion'];
  if (method === 'initialize')
    return unsupportedProtocolVersion(
      typeof requested === 'string' ? requested : 'none',
      revisionsOf('modern'),
    ).toJSON();
  return {
    code: ErrorCode.InvalidParams,
    message: `${method}: _meta lacks ${MetaKey.protocolVersion} and ${MetaKey.clientCapabilities}`,
  };
}
