import { ErrorCode, isRequest, type JsonRpcMessage, type MirroredParam } from '@trunkline/protocol';
import type { Server } from '@trunkline/session';
import type { Acceptor, Exchange, Transport } from '@trunkline/transport';
import type { Feature } from './answers.ts';
import type { Middleware } from './call.ts';
import type { Entries } from './catalogue.ts';
import { isDefinitionError } from './definition-error.ts';
import { extendWith, type Extension } from './extension.ts';
import type { Details, ResourceDetails, ResourceTemplateDetails } from './details.ts';
import type { MountOptions } from './mount.ts';
import type { Offer } from './offer.ts';
import { definePrompt, type PromptHandler, type PromptOptions } from './prompt.ts';
import { Registry, setRegistry } from './registry.ts';
import {
  assertReachable,
  defineResourceTemplate,
  type ResourceTemplateHandler,
  type ResourceTemplateOptions,
} from './resource-template.ts';
import { defineResource, type ResourceHandler, type ResourceOptions } from './resource.ts';
import type { AnySchema } from './schema/types.ts';
import type { FastServerOptions } from './server-options.ts';
import {
  defineTool,
  type NoArguments,
  type ToolDetails,
  type ToolHandler,
  type ToolOptions,
  type ToolTypes,
} from './tool.ts';

/** The types of the tools of a server, by name. */
export type ToolsOf<Subject> = Subject extends { readonly '~tools'?: infer Tools }
  ? NonNullable<Tools>
  : never;

/** The types of tools under the names they have where their server is mounted. */
export type Prefixed<Tools, Prefix extends string> = string extends Prefix
  ? Tools
  : { [Name in keyof Tools & string as `${Prefix}_${Name}`]: Tools[Name] };

/**
 * Makes a server without tools, resources and prompts; they are added one by one, before and while it serves. Nothing is
 * opened before `serve`.
 */
export function createServer<Values = undefined>(options: FastServerOptions<Values>): FastServer<{}, Values> {
  return new FastServer(options);
}

/**
 * One registry that serves every client over every link, in both eras at once. What it was given is converted and compiled
 * once; a call costs the same however many entries there are.
 */
export class FastServer<Tools = {}, Values = undefined> implements Acceptor {
  /** Exists for type inference only. */
  declare readonly '~tools'?: Tools;
  /** The server below: layers around every request, and methods that have no place here. */
  readonly core: Server;
  readonly tools: Entries<ToolDetails>;
  readonly resources: Entries<ResourceDetails>;
  readonly resourceTemplates: Entries<ResourceTemplateDetails>;
  readonly prompts: Entries<Details>;
  readonly #options: FastServerOptions<unknown>;
  readonly #registry: Registry;

  constructor(options: FastServerOptions<Values>) {
    this.#options = options;
    this.#registry = new Registry(options);
    setRegistry(this, this.#registry);
    this.core = this.#registry.core;
    this.tools = this.#registry.offers.tools;
    this.resources = this.#registry.offers.resources;
    this.resourceTemplates = this.#registry.offers.resourceTemplates;
    this.prompts = this.#registry.offers.prompts;
  }

  /**
   * Offers a tool. Arguments that its schema does not allow never reach the handler: the model is told what was expected.
   * Throws a `DefinitionError` if the name is taken or a schema cannot be used.
   */
  tool<const Name extends string>(
    name: Name,
    handler: ToolHandler<NoArguments, undefined, Values>,
  ): FastServer<Tools & Record<Name, ToolTypes<NoArguments, undefined>>, Values>;
  tool<
    const Name extends string,
    const Input extends AnySchema = NoArguments,
    const Output extends AnySchema | undefined = undefined,
  >(
    name: Name,
    options: ToolOptions<Input, Output>,
    handler: ToolHandler<Input, Output, Values>,
  ): FastServer<Tools & Record<Name, ToolTypes<Input, Output>>, Values>;
  tool(name: string, ...rest: WithOptions<ToolOptions>): FastServer<Tools, Values> {
    const [options, handler] = withOptions(rest);
    return this.#offer('tools', ({ tools }) => {
      const offer = defineTool(name, options, handler, this.#options.validator);
      tools.add(offer);
      return offer;
    });
  }

  /** Offers a resource under an absolute URI. Throws a `DefinitionError` if the URI is taken or none. */
  resource(name: string, uri: string, handler: ResourceHandler<Values>): this;
  resource(name: string, uri: string, options: ResourceOptions, handler: ResourceHandler<Values>): this;
  resource(name: string, uri: string, ...rest: WithOptions<ResourceOptions>): this {
    const [options, handler] = withOptions(rest);
    return this.#offer('resources', ({ resources }) => {
      const offer = defineResource(name, uri, options, handler as ResourceHandler<never>);
      resources.add(offer);
      return offer;
    });
  }

  /**
   * Offers the resources whose addresses a URI template of RFC 6570 makes; of several templates that an address is of, the
   * first in the list that the caller may use. Throws a `DefinitionError` if the template is taken, is none, or can be read
   * in two ways.
   */
  resourceTemplate<const Template extends string>(
    name: string,
    uriTemplate: Template,
    handler: ResourceTemplateHandler<Template, Values>,
  ): this;
  resourceTemplate<const Template extends string>(
    name: string,
    uriTemplate: Template,
    options: ResourceTemplateOptions<Template>,
    handler: ResourceTemplateHandler<Template, Values>,
  ): this;
  resourceTemplate(
    name: string,
    uriTemplate: string,
    ...rest: WithOptions<ResourceTemplateOptions, AnyTemplateHandler>
  ): this {
    const [options, handler] = withOptions(rest);
    return this.#offer('resources', ({ resourceTemplates }) => {
      const offer = defineResourceTemplate(name, uriTemplate, options, handler);
      assertReachable(uriTemplate, resourceTemplates.keys);
      resourceTemplates.add(offer);
      return offer;
    });
  }

  /** Offers a prompt. Throws a `DefinitionError` if the name is taken or the schema cannot be used. */
  prompt(name: string, handler: PromptHandler<NoArguments, Values>): this;
  prompt<const Arguments extends AnySchema = NoArguments>(
    name: string,
    options: PromptOptions<Arguments>,
    handler: PromptHandler<Arguments, Values>,
  ): this;
  prompt(name: string, ...rest: WithOptions<PromptOptions>): this {
    const [options, handler] = withOptions(rest);
    return this.#offer('prompts', ({ prompts }) => {
      const offer = definePrompt(name, options, handler, this.#options.validator);
      prompts.add(offer);
      return offer;
    });
  }

  /** Puts middleware around every call of a tool, a resource or a prompt, also of mounted servers. */
  use(middleware: Middleware): this {
    this.#registry.use(middleware);
    return this;
  }

  /**
   * Adds what is beyond the protocol. Throws a `DefinitionError`, before anything is added, if the extension's identifier is
   * none or is there already.
   */
  extend(extension: Extension<this>): this {
    extendWith(extension, this.#registry);
    extension.install?.(this);
    return this;
  }

  /**
   * Offers what another server offers, for as long as it does: what it adds and takes away later, too. Where both have the
   * same name, this server's own goes first. Opening this server opens the other, closing it does not close the other.
   */
  mount<Theirs, Others, const Prefix extends string = string>(
    other: FastServer<Theirs, Others>,
    options: MountOptions<Prefix> = {},
  ): FastServer<Tools & Prefixed<Theirs, Prefix>, Values> {
    this.#registry.mount(other.#registry, options);
    return this as unknown as FastServer<Tools & Prefixed<Theirs, Prefix>, Values>;
  }

  /** Ends what `mount` began; tells whether the server was mounted here. */
  unmount<Theirs, Others>(other: FastServer<Theirs, Others>): boolean {
    return this.#registry.unmount(other.#registry);
  }

  /** Tells every client that follows a resource that it may be read again. */
  resourceUpdated(uri: string): void {
    this.#registry.changed({ kind: 'resource', uri });
  }

  /** Opens what handlers need, once. `serve` does it before anything listens; rejects with what `lifespan` threw. */
  open(): Promise<void> {
    return this.#registry.open();
  }

  async link(transport: Transport): Promise<void> {
    await this.#registry.open();
    return this.core.link(transport);
  }

  exchange(message: JsonRpcMessage, exchange: Exchange): void {
    if (this.#registry.isOpen) return this.core.exchange(message, exchange);
    void this.#registry.open().then(
      () => this.core.exchange(message, exchange),
      (error: unknown) => void this.#cannotOpen(error, message, exchange),
    );
  }

  mirrorOf(tool: string): readonly MirroredParam[] | undefined {
    return this.#registry.offers.tools.find(tool)?.mirrored;
  }

  /** Ends gracefully: as the server below does, then closes what it opened. Idempotent, never rejects. */
  close(options?: { readonly grace?: number }): Promise<void> {
    return this.#registry.close(options);
  }

  /** Runs a definition; its feature is a capability from the first one that succeeds. */
  #offer(
    feature: Feature,
    define: (offers: Registry['offers']) => Pick<Offer<never, never>, 'complete'>,
  ): this {
    try {
      const { complete } = define(this.#registry.offers);
      const completes = complete && [...complete.values()].some((completer) => completer !== undefined);
      this.#registry.serve(feature, ...(completes ? (['completions'] as const) : []));
    } catch (error) {
      if (!this.#options.onRefused || !isDefinitionError(error)) throw error;
      this.#options.onRefused(error);
    }
    return this;
  }

  async #cannotOpen(failure: unknown, message: JsonRpcMessage, exchange: Exchange): Promise<void> {
    this.#options.onError?.(failure, 'lifespan');
    if (!isRequest(message)) return;
    const answer = { code: ErrorCode.InternalError, message: 'Internal error' };
    // Who cannot be told is gone.
    await exchange.send({ jsonrpc: '2.0', id: message.id, error: answer }).catch(() => {});
  }
}

type AnyHandler = (input: never, context: never) => unknown;
type AnyTemplateHandler = (variables: never, context: never, uri: string) => unknown;
type WithOptions<Options, Handle = AnyHandler> = [handler: Handle] | [options: Options, handler: Handle];

function withOptions<Options, Handle>(
  rest: WithOptions<Options, Handle>,
): [options: Options, handler: Handle] {
  return rest.length === 2 ? rest : [{} as Options, rest[0]];
}
