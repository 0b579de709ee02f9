import {
  isMcpError,
  ProtocolError,
  type CallToolResult,
  type CompleteRequestParams,
  type CompleteResult,
  type Era,
  type GetPromptResult,
  type Implementation,
  type JsonObject,
  type ListPromptsResult,
  type ListResourcesResult,
  type ListResourceTemplatesResult,
  type ListToolsResult,
  type LoggingLevel,
  type Outcome,
  type ReadResourceResult,
  type RequestId,
  type ServerCapabilities,
  type SubscriptionFilter,
} from '@trunkline/protocol';
import type { TransportClosed } from '@trunkline/transport';
import { callListener } from './call-listener.ts';
import type { ClientLink } from './client-link.ts';
import type { ClientOptions } from './client-options.ts';
import { systemClock, type Clock } from './clock.ts';
import { callUntilComplete } from './input-required.ts';
import type { InputContext } from './inputs.ts';
import type { Send } from './layers.ts';
import { LinkKeeper, type ClientStatus, type Redial, type StatusListener } from './link-keeper.ts';
import { listenOver } from './listen-over.ts';
import type { Listening } from './listening.ts';
import { paramMirror } from './layers/param-mirror.ts';
import { harmless, silent } from './logger.ts';
import { itemsOf, type ItemOf, type ListKind } from './items.ts';
import { joinPages, pagesOf, type PageOptions } from './pagination.ts';
import type { Progress } from './progress.ts';
import type { RequestOptions } from './request-options.ts';
import { typedBy, type OutputSchema, type TypedResult } from './typed-output.ts';

/** How one list is read. */
export type ListOptions = RequestOptions & PageOptions;

/**
 * A session with one server, whichever era it is of. Every call settles exactly once: with its result, a `RemoteError` (the
 * server's answer), a `SessionError`, `ProtocolError` or `TransportError` (what happened on this side), or the reason of the
 * signal that aborted it. Made by `connect`.
 */
export class Client {
  readonly #keeper: LinkKeeper;
  readonly #options: ClientOptions;
  readonly #clock: Clock;
  readonly #send: Send;
  readonly #followed = new Map<string, Promise<Listening>>();

  constructor(link: ClientLink, options: ClientOptions, redial?: Redial) {
    const logger = harmless(options.logger ?? silent);
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#keeper = new LinkKeeper(link, {
      redial,
      reconnect: options.reconnect,
      clock: this.#clock,
      onError: (error) => logger.error('a listener of the status threw, or a new link failed', error),
    });
    const { cache } = options;
    if (cache) this.#keeper.onStatus((status) => status !== 'open' && cache.clear());
    const layers = [...(options.layers ?? []), ...(cache ? [cache.layer] : [])];
    if (link.peer.transport.binding.lanes === 'per-request') layers.push(paramMirror(logger));
    const innermost: Send = ({ method, params, options: how }) => this.#perform(method, params, how);
    this.#send = layers.reduceRight((next, layer) => layer(next), innermost);
  }

  /** Resolves when the link that is open now is gone, for whatever reason. Never rejects. */
  get closed(): Promise<TransportClosed> {
    return this.#keeper.link.peer.transport.closed;
  }

  /** What has become of the link. */
  get status(): ClientStatus {
    return this.#keeper.status;
  }

  /** Calls the listener at every change of the status from now on, until the returned function is called. */
  onStatus(listener: StatusListener): () => void {
    return this.#keeper.onStatus(listener);
  }

  /** The era that was agreed on. */
  get era(): Era {
    return this.#keeper.link.era.name;
  }

  /** The revision that was agreed on. */
  get revision(): string {
    return this.#keeper.link.opened.revision;
  }

  /** What the server offers. */
  get capabilities(): ServerCapabilities {
    return this.#keeper.link.opened.capabilities;
  }

  /** What the server calls itself. Unverified: for display and logs only. */
  get serverInfo(): Implementation | undefined {
    return this.#keeper.link.opened.serverInfo;
  }

  /** How the server wants to be used. */
  get instructions(): string | undefined {
    return this.#keeper.link.opened.instructions;
  }

  /** Makes any request and resolves with its result as it came. The typed methods below go through here. */
  request(method: string, params: JsonObject = {}, options: RequestOptions = {}): Promise<JsonObject> {
    return this.#send({ method, params, options });
  }

  /** Sends a notification. */
  notify(method: string, params?: JsonObject): Promise<void> {
    return this.#keeper.link.notify(method, params);
  }

  /** Resolves if the server answers. */
  async ping(options?: RequestOptions): Promise<void> {
    await this.request(this.#keeper.link.era.ping, {}, options);
  }

  /** All tools, or the pages asked for. https://modelcontextprotocol.io/specification/2026-07-28/server/tools */
  listTools(options?: ListOptions): Promise<ListToolsResult> {
    return this.#list<ListToolsResult>('tools/list', 'tools', options);
  }

  /** All resources, or the pages asked for. https://modelcontextprotocol.io/specification/2026-07-28/server/resources */
  listResources(options?: ListOptions): Promise<ListResourcesResult> {
    return this.#list<ListResourcesResult>('resources/list', 'resources', options);
  }

  /** All resource templates, or the pages asked for. */
  listResourceTemplates(options?: ListOptions): Promise<ListResourceTemplatesResult> {
    return this.#list<ListResourceTemplatesResult>('resources/templates/list', 'resourceTemplates', options);
  }

  /** All prompts, or the pages asked for. https://modelcontextprotocol.io/specification/2026-07-28/server/prompts */
  listPrompts(options?: ListOptions): Promise<ListPromptsResult> {
    return this.#list<ListPromptsResult>('prompts/list', 'prompts', options);
  }

  /** Gives the items of a list one by one, each page read when it is needed. */
  iterate<Kind extends ListKind>(
    kind: Kind,
    options?: ListOptions,
  ): AsyncGenerator<ItemOf<Kind>, void, undefined> {
    const read = (method: string, params: JsonObject, own: RequestOptions): Promise<JsonObject> =>
      this.request(method, params, own);
    return itemsOf(kind, read, options);
  }

  /**
   * Calls a tool. A tool that failed in its own way resolves with `isError`, for the model to read. With `output`, the
   * structured content is what that schema makes of it.
   */
  callTool(name: string, args?: object, options?: RequestOptions): Promise<CallToolResult>;
  callTool<Output>(
    name: string,
    args: object,
    options: RequestOptions & { readonly output: OutputSchema<Output> },
  ): Promise<TypedResult<Output>>;
  async callTool(
    name: string,
    args: object = {},
    options: RequestOptions & { readonly output?: OutputSchema } = {},
  ): Promise<CallToolResult | TypedResult<unknown>> {
    const { output, ...how } = options;
    const result = await this.#ask<CallToolResult>(
      'tools/call',
      { name, arguments: args as JsonObject },
      how,
    );
    return output ? typedBy(name, result, output) : result;
  }

  /** Reads a resource. */
  readResource(uri: string, options?: RequestOptions): Promise<ReadResourceResult> {
    return this.#ask<ReadResourceResult>('resources/read', { uri }, options);
  }

  /** Fills in a prompt. */
  getPrompt(
    name: string,
    args: Record<string, string> = {},
    options?: RequestOptions,
  ): Promise<GetPromptResult> {
    return this.#ask<GetPromptResult>('prompts/get', { name, arguments: args }, options);
  }

  /** Suggests values for an argument. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion */
  complete(params: CompleteRequestParams, options?: RequestOptions): Promise<CompleteResult> {
    return this.#ask<CompleteResult>('completion/complete', { ...params }, options);
  }

  /**
   * Follows changes until closed, in either era. A client that reconnects follows them over every new link; what may have
   * changed unheard meanwhile counts as changed. https://modelcontextprotocol.io/specification/2026-07-28/basic/patterns/subscriptions
   */
  listen(filter: SubscriptionFilter, options: { readonly signal?: AbortSignal } = {}): Promise<Listening> {
    return listenOver(this.#keeper, { filter, signal: options.signal });
  }

  /** Reports updates of a resource to `onChange` from now on. */
  async subscribeResource(uri: string): Promise<void> {
    const known = this.#followed.get(uri);
    if (known) return void (await known);
    const listening = this.listen({ resourceSubscriptions: [uri] });
    this.#followed.set(uri, listening);
    try {
      void this.#report(await listening).finally(() => this.#forget(uri, listening));
    } catch (error) {
      this.#forget(uri, listening);
      throw error;
    }
  }

  /** Ends what `subscribeResource` began. */
  async unsubscribeResource(uri: string): Promise<void> {
    const listening = this.#followed.get(uri);
    this.#followed.delete(uri);
    await (await listening)?.close();
  }

  /**
   * Asks for log messages of a level and above.
   * @deprecated since 2026-07-28. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/logging
   */
  setLoggingLevel(level: LoggingLevel): Promise<void> {
    return this.#keeper.setLogLevel(level);
  }

  /**
   * Tells a legacy server that the roots changed; a modern one asks for them anew with each call.
   * @deprecated since 2026-07-28. https://modelcontextprotocol.io/specification/2025-11-25/client/roots
   */
  async rootsChanged(): Promise<void> {
    if (this.#keeper.link.era.serverMayAsk) await this.notify('notifications/roots/list_changed');
  }

  /** Reports how far the answer to a server's request has come, under the token that the request brought. */
  sendProgress(progressToken: RequestId, { progress, total, message }: Progress): Promise<void> {
    return this.notify('notifications/progress', {
      progressToken,
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  }

  /** Closes the link; calls that are open fail with `link-lost`. Idempotent, never rejects. */
  async close(): Promise<void> {
    await this.#keeper.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The shape was checked where the answer came in. */
  #ask<Result>(method: string, params: JsonObject, options?: RequestOptions): Promise<Result> {
    return this.request(method, params, options) as Promise<unknown> as Promise<Result>;
  }

  #list<Page extends { nextCursor?: string }>(
    method: string,
    items: keyof Page,
    { cursor, pages, ...options }: ListOptions = {},
  ): Promise<Page> {
    const read = (params: JsonObject): Promise<Page> => this.#ask<Page>(method, params, options);
    return joinPages(pagesOf(method, read, { cursor, pages }), items);
  }

  async #perform(method: string, params: JsonObject, options: RequestOptions): Promise<JsonObject> {
    const { timeout = this.#options.timeout, meta, inputRequired } = options;
    const { maxTotalTimeout = this.#options.maxTotalTimeout } = options;
    const outbound = { ...options, timeout, maxTotalTimeout };
    const stamped = meta
      ? { ...params, _meta: { ...(params['_meta'] as JsonObject | undefined), ...meta } }
      : params;
    const call = (current: JsonObject): Promise<Outcome> => this.#call(method, current, outbound);
    const first = await call(stamped);
    if (first.kind !== 'input_required' || inputRequired === 'return') return resultOf(method, first);
    const outcome = await callUntilComplete(method, stamped, call, {
      first,
      answering: this.#options,
      context: () => this.#inputContext(options.signal),
      clock: this.#clock,
      maxRounds: this.#options.maxRounds ?? 10,
    });
    return resultOf(method, outcome);
  }

  /** A call that a forgotten session turned away had no effect: it is made once more in a new one. */
  async #call(method: string, params: JsonObject, options: RequestOptions): Promise<Outcome> {
    const open = this.#keeper.status === 'open';
    const link = open ? this.#keeper.link : await this.#keeper.current(options.signal);
    try {
      return await link.call(method, params, options);
    } catch (error) {
      if (!isMcpError(error, 'TransportError') || error.code !== 'expired') throw error;
      if (!this.#keeper.forget(link, error)) throw error;
      return (await this.#keeper.current(options.signal)).call(method, params, options);
    }
  }

  #inputContext(signal: AbortSignal | undefined): InputContext {
    const over = this.#keeper.closing;
    return { serverInfo: this.serverInfo, signal: signal ? AbortSignal.any([signal, over]) : over };
  }

  #forget(uri: string, listening: Promise<Listening>): void {
    if (this.#followed.get(uri) === listening) this.#followed.delete(uri);
  }

  async #report(listening: Listening): Promise<void> {
    try {
      for await (const change of listening) {
        callListener(
          () => this.#options.onChange?.(change),
          (error) => this.#options.logger?.error('a listener of changes threw', error),
        );
      }
    } catch (error) {
      if (!this.#keeper.closing.aborted)
        this.#options.logger?.warn('a resource subscription was lost', error);
    }
  }
}

/** An extension's result reaches the caller only if it asked for results as they come. */
function resultOf(method: string, outcome: Outcome): JsonObject {
  if (outcome.kind === 'complete') return outcome.result;
  if (outcome.kind === 'extension') {
    throw new ProtocolError(
      'unknown-result-type',
      `${method} was answered with the result type ${JSON.stringify(outcome.resultType)}, which nobody here knows`,
    );
  }
  const { inputRequests, requestState } = outcome;
  return {
    resultType: 'input_required',
    ...(inputRequests && { inputRequests: inputRequests }),
    ...(requestState !== undefined && { requestState }),
  };
}
