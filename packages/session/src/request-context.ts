import type {
  ClientCapabilities,
  CreateMessageResult,
  ElicitResult,
  Era,
  Implementation,
  JsonObject,
  JsonRpcError,
  JsonRpcRequest,
  JsonRpcResultResponse,
  JsonValue,
  ListRootsResult,
  LoggingLevel,
  RequestId,
} from '@trunkline/protocol';
import type { DetachOptions, EncodedResponse, Exchange, Origin } from '@trunkline/transport';
import type { Ask, Handler } from './context.ts';
import type { Inbound } from './dispatcher.ts';
import type { Conversation, ServedLink, ServedRequest, ServerCore } from './era/server-era.ts';
import type { Served } from './handlers.ts';
import { isAtLeast } from './levels.ts';
import { ProgressGate } from './progress.ts';
import { assertMayAsk, type Question, type QuestionMethod } from './questions.ts';
import { textsOf } from './reusable.ts';

const EMPTY: JsonObject = {};

/** The context of one running request. What a handler may never touch comes into being when it does. */
export class RequestContext implements ServedRequest, Inbound {
  readonly id: RequestId;
  readonly method: string;
  readonly params: JsonObject;
  readonly exchange: Exchange;
  readonly conversation: Conversation;
  readonly core: ServerCore;
  readonly link: ServedLink | undefined;
  /** When the handler must be done, in the clock's milliseconds. */
  due: number = Infinity;
  readonly bounded: boolean;
  readonly cancellable: boolean;
  readonly #handle: Handler;
  #abort: AbortController | undefined;
  #reason: { readonly value: unknown } | undefined;
  #gate: ProgressGate | undefined;
  #answered = false;
  #ask: Ask | undefined;

  constructor(
    request: JsonRpcRequest,
    exchange: Exchange,
    served: Served,
    conversation: Conversation,
    core: ServerCore,
    link: ServedLink | undefined,
  ) {
    this.id = request.id;
    this.method = request.method;
    this.params = request.params ?? EMPTY;
    this.exchange = exchange;
    this.bounded = served.bounded;
    this.cancellable = served.cancellable;
    this.#handle = served.handle;
    this.conversation = conversation;
    this.core = core;
    this.link = link;
  }

  run(): unknown {
    return this.#handle(this.params, this);
  }

  answer(result: JsonObject): JsonRpcResultResponse | EncodedResponse {
    const texts = textsOf(result, this.core.info);
    if (!texts) return { jsonrpc: '2.0', id: this.id, result: this.#encode(result) };
    const key = `${this.revision} ${this.method}`;
    let json = texts.get(key);
    if (json === undefined) texts.set(key, (json = JSON.stringify(this.#encode(result))));
    return { id: this.id, json };
  }

  encodeError(error: JsonRpcError): JsonRpcError {
    const { era, envelope } = this.conversation;
    return era.codec.encodeError(error, { revision: envelope.revision });
  }

  get origin(): Origin {
    return this.exchange.origin;
  }

  get session(): object | undefined {
    return this.link && this.exchange.scope;
  }

  get era(): Era {
    return this.conversation.era.name;
  }

  get revision(): string {
    return this.conversation.envelope.revision;
  }

  get clientCapabilities(): ClientCapabilities {
    return this.conversation.envelope.clientCapabilities;
  }

  get clientInfo(): Implementation | undefined {
    return this.conversation.envelope.clientInfo;
  }

  get meta(): JsonObject {
    return (this.params['_meta'] as JsonObject | undefined) ?? EMPTY;
  }

  get signal(): AbortSignal {
    this.#abort ??= this.#abortable();
    return this.#abort.signal;
  }

  /** Whether nobody waits for the answer any more. */
  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** Tells the handler to stop. */
  abort(reason: unknown): void {
    this.#reason ??= { value: reason };
    this.#abort?.abort(reason);
  }

  notify(method: string, params?: JsonObject): Promise<void> {
    if (this.#answered) return Promise.resolve();
    return mayFloat(this.#tell(method, params));
  }

  progress(progress: number, total?: number, message?: string): Promise<void> {
    return mayFloat(this.#progress(progress, total, message));
  }

  log(level: LoggingLevel, data: JsonValue, logger?: string): Promise<void> {
    const threshold = this.conversation.envelope.logLevel;
    if (threshold === undefined || !isAtLeast(level, threshold)) return Promise.resolve();
    if (!this.core.capabilities().logging || this.conversation.era.silent(this)) return Promise.resolve();
    return this.notify('notifications/message', { level, data, ...(logger !== undefined && { logger }) });
  }

  detach(options?: DetachOptions): void {
    this.exchange.detach?.(options);
  }

  get ask(): Ask {
    this.#ask ??= {
      elicit: (params, options) =>
        mayFloat(this.#put<ElicitResult>('elicitation/create', params, options?.key)),
      sample: (params, options) =>
        mayFloat(this.#put<CreateMessageResult>('sampling/createMessage', params, options?.key)),
      roots: (options) => mayFloat(this.#put<ListRootsResult>('roots/list', {}, options?.key)),
    };
    return this.#ask;
  }

  async once<Value extends JsonValue>(name: string, effect: () => Value | Promise<Value>): Promise<Value> {
    return (await this.conversation.era.once(name, effect, this)) as Value;
  }

  /** Lets a held progress report out, so that it precedes the answer. Nothing else follows it. */
  flush(): Promise<void> | void {
    this.#answered = true;
    return this.#gate?.flush();
  }

  #tell(method: string, params: JsonObject | undefined): Promise<void> {
    if (this.aborted) return Promise.resolve();
    return this.exchange.send({ jsonrpc: '2.0', method, ...(params && { params }) });
  }

  async #progress(progress: number, total: number | undefined, message: string | undefined): Promise<void> {
    const progressToken = this.meta['progressToken'];
    if (progressToken === undefined || this.#answered || this.conversation.era.silent(this)) return;
    this.#gate ??= new ProgressGate(this.core.clock, (report) =>
      this.#tell('notifications/progress', { progressToken, ...report }),
    );
    await this.#gate.push({
      progress,
      ...(total !== undefined && { total }),
      ...(message !== undefined && { message }),
    });
  }

  #encode(result: JsonObject): JsonObject {
    const { era, envelope } = this.conversation;
    return era.codec.encodeResult(this.method, result, {
      revision: envelope.revision,
      serverInfo: this.core.info,
    });
  }

  /** A link tells its requests itself when it ends; an exchange of its own has to be watched. */
  #abortable(): AbortController {
    const controller = new AbortController();
    const { signal } = this.exchange;
    if (this.#reason) controller.abort(this.#reason.value);
    else if (!this.link && signal.aborted) controller.abort(signal.reason);
    else if (!this.link) signal.addEventListener('abort', () => this.abort(signal.reason), { once: true });
    return controller;
  }

  async #put<Answer>(method: QuestionMethod, params: object, key: string | undefined): Promise<Answer> {
    const question: Question = { method, params: params as JsonObject, key };
    assertMayAsk(this.method, question, this.clientCapabilities);
    return (await this.conversation.era.ask(question, this)) as Answer;
  }
}

/** The same promise. A handler that does not wait for it must not end the process when the peer goes away. */
function mayFloat<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => {});
  return promise;
}
