import type {
  ClientCapabilities,
  Era,
  Implementation,
  InputResponses,
  JsonObject,
  ReadResourceResult,
  RequestId,
} from '@trunkline/protocol';
import type { Ask, Context as SessionContext } from '@trunkline/session';
import type { AuthInfo, Origin } from '@trunkline/transport';
import type { State, States } from './state.ts';

/** What a handler receives beside its input: that of the session, and what belongs to the server. */
export interface Context<Values = undefined> extends SessionContext {
  /** Who asks, where that was verified. */
  readonly auth: AuthInfo | undefined;
  /** What the server's `lifespan` opened. */
  readonly values: Values;
  /** What handlers remember of a caller from one call to the next. */
  readonly state: {
    /** Of this link. Nobody else's, and gone with it. Throws a `SessionError` where there is no link. */
    readonly session: State;
    /** Of this principal, over all links; of the link for a caller nobody verified. */
    readonly principal: State;
  };
  /** The answers to what an input-required result asked that this handler returned before. */
  readonly inputResponses: InputResponses | undefined;
  /** The state that such a result carried, safe from tampering. */
  readonly requestState: string | undefined;
  /** Reads a resource of this server as the caller may. Rejects as the caller's own request would. */
  readonly readResource: (uri: string) => Promise<ReadResourceResult>;
  // What can be called may be taken out of the context.
  readonly notify: SessionContext['notify'];
  readonly progress: SessionContext['progress'];
  /** @deprecated since 2026-07-28: write to stderr or use OpenTelemetry. */
  readonly log: SessionContext['log'];
  readonly detach: SessionContext['detach'];
  readonly once: SessionContext['once'];
}

/** The server as contexts see it. */
export interface Host {
  readonly values: unknown;
  readonly states: States;
  readResource(uri: string, context: CallContext): unknown;
}

/** The context of one call. It costs next to nothing until something of it is touched. */
export class CallContext implements Context<unknown> {
  readonly #request: SessionContext;
  readonly #params: JsonObject;
  readonly #host: Host;
  /** Whether the handler depended on more than its input: such a result is this call's alone. */
  asked: boolean = false;

  constructor(request: SessionContext, params: JsonObject, host: Host) {
    this.#request = request;
    this.#params = params;
    this.#host = host;
  }

  /** The same call as a server sees it that is mounted in this one. */
  within(host: Host): CallContext {
    return new CallContext(this, this.#params, host);
  }

  get auth(): AuthInfo | undefined {
    return this.#request.origin.auth;
  }

  get values(): unknown {
    return this.#host.values;
  }

  get state(): { readonly session: State; readonly principal: State } {
    const { states } = this.#host;
    const context = this.#request;
    return {
      get session() {
        return states.ofSession(context);
      },
      get principal() {
        return states.ofPrincipal(context);
      },
    };
  }

  get inputResponses(): InputResponses | undefined {
    return this.#params['inputResponses'] as InputResponses | undefined;
  }

  get requestState(): string | undefined {
    return this.#params['requestState'] as string | undefined;
  }

  get readResource(): Context['readResource'] {
    return async (uri) => (await this.#host.readResource(uri, this)) as ReadResourceResult;
  }

  get id(): RequestId {
    return this.#request.id;
  }

  get method(): string {
    return this.#request.method;
  }

  get signal(): AbortSignal {
    return this.#request.signal;
  }

  get origin(): Origin {
    return this.#request.origin;
  }

  get session(): object | undefined {
    return this.#request.session;
  }

  get era(): Era {
    return this.#request.era;
  }

  get revision(): string {
    return this.#request.revision;
  }

  get clientCapabilities(): ClientCapabilities {
    return this.#request.clientCapabilities;
  }

  get clientInfo(): Implementation | undefined {
    return this.#request.clientInfo;
  }

  get meta(): JsonObject {
    return this.#request.meta;
  }

  get ask(): Ask {
    this.asked = true;
    return this.#request.ask;
  }

  // What can be called is taken out of the context by many a handler, so none of it depends on "this".
  get notify(): Context['notify'] {
    return (method, params) => this.#request.notify(method, params);
  }

  get progress(): Context['progress'] {
    return (progress, total, message) => this.#request.progress(progress, total, message);
  }

  /** @deprecated since 2026-07-28, as that of the session. */
  get log(): Context['log'] {
    return (level, data, logger) => this.#request.log(level, data, logger);
  }

  get detach(): Context['detach'] {
    return (options) => this.#request.detach(options);
  }

  get once(): Context['once'] {
    this.asked = true;
    return (name, effect) => this.#request.once(name, effect);
  }
}
