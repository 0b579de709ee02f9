import type { JsonRpcMessage, MirroredParam } from '@trunkline/protocol';
import { Server, type Context } from '@trunkline/session';
import type { Acceptor, Exchange, Transport } from '@trunkline/transport';
import { answersFor, CAPABILITIES, definitionOf, type Kind, type Offers } from './answers.ts';
import { Catalogue, type CatalogueOptions, type Entries } from './catalogue.ts';
import { isDefinitionError } from './definition-error.ts';
import { checkName, type Details, type ResourceDetails } from './details.ts';
import { definePrompt, PROMPT_DETAILS, type PromptHandler, type PromptOptions } from './prompt.ts';
import {
  checkUri,
  defineResource,
  RESOURCE_DETAILS,
  type ResourceHandler,
  type ResourceOptions,
} from './resource.ts';
import type { AnySchema } from './schema/types.ts';
import { infoOf, type FastServerOptions } from './server-options.ts';
import {
  defineTool,
  TOOL_DETAILS,
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

/**
 * Makes a server without tools, resources and prompts; they are added one by one, before and while it serves. Nothing is
 * opened before `serve`.
 */
export function createServer(options: FastServerOptions): FastServer {
  return new FastServer(options);
}

/**
 * One registry that serves every client over every link, in both eras at once. What it was given is converted and compiled
 * once; a call costs the same however many entries there are.
 */
export class FastServer<Tools = {}> implements Acceptor {
  /** Exists for type inference only. */
  declare readonly '~tools'?: Tools;
  /** The server below: layers around every request, and methods that have no place here. */
  readonly core: Server;
  readonly tools: Entries<ToolDetails>;
  readonly resources: Entries<ResourceDetails>;
  readonly prompts: Entries<Details>;
  readonly #options: FastServerOptions;
  readonly #offers: Offers;
  readonly #offered = new Set<Kind>();

  constructor(options: FastServerOptions) {
    this.#options = options;
    this.#offers = {
      tools: new Catalogue(this.#listing('tools', 'name', TOOL_DETAILS)),
      resources: new Catalogue(this.#listing('resources', 'uri', RESOURCE_DETAILS)),
      prompts: new Catalogue(this.#listing('prompts', 'name', PROMPT_DETAILS)),
    };
    ({ tools: this.tools, resources: this.resources, prompts: this.prompts } = this.#offers);
    this.core = new Server(infoOf(options), {
      ...options,
      ...(options.caching && { discoverCaching: options.caching }),
      definitionOf: (method, params) => definitionOf(method, params, this.#offers),
    });
  }

  /**
   * Offers a tool. Arguments that its schema does not allow never reach the handler: the model is told what was expected.
   * Throws a `DefinitionError` if the name is taken or a schema cannot be used.
   */
  tool<const Name extends string>(
    name: Name,
    handler: ToolHandler<NoArguments, undefined>,
  ): FastServer<Tools & Record<Name, ToolTypes<NoArguments, undefined>>>;
  tool<
    const Name extends string,
    const Input extends AnySchema = NoArguments,
    const Output extends AnySchema | undefined = undefined,
  >(
    name: Name,
    options: ToolOptions<Input, Output>,
    handler: ToolHandler<Input, Output>,
  ): FastServer<Tools & Record<Name, ToolTypes<Input, Output>>>;
  tool(name: string, ...rest: WithOptions<ToolOptions>): FastServer<Tools> {
    const [options, handler] = withOptions(rest);
    return this.#offer('tools', () =>
      this.#offers.tools.add(defineTool(name, options, handler, this.#options.validator)),
    );
  }

  /** Offers a resource under an absolute URI. Throws a `DefinitionError` if the URI is taken or none. */
  resource(name: string, uri: string, handler: ResourceHandler): this;
  resource(name: string, uri: string, options: ResourceOptions, handler: ResourceHandler): this;
  resource(name: string, uri: string, ...rest: WithOptions<ResourceOptions, ResourceHandler>): this {
    const [options, handler] = withOptions(rest);
    return this.#offer('resources', () =>
      this.#offers.resources.add(defineResource(name, uri, options, handler)),
    );
  }

  /** Offers a prompt. Throws a `DefinitionError` if the name is taken or the schema cannot be used. */
  prompt(name: string, handler: PromptHandler): this;
  prompt<const Arguments extends AnySchema = NoArguments>(
    name: string,
    options: PromptOptions<Arguments>,
    handler: PromptHandler<Arguments>,
  ): this;
  prompt(name: string, ...rest: WithOptions<PromptOptions>): this {
    const [options, handler] = withOptions(rest);
    return this.#offer('prompts', () =>
      this.#offers.prompts.add(definePrompt(name, options, handler, this.#options.validator)),
    );
  }

  /** Tells every client that follows a resource that it may be read again. */
  resourceUpdated(uri: string): void {
    this.core.changed({ kind: 'resource', uri });
  }

  link(transport: Transport): Promise<void> {
    return this.core.link(transport);
  }

  exchange(message: JsonRpcMessage, exchange: Exchange): void {
    this.core.exchange(message, exchange);
  }

  mirrorOf(tool: string): readonly MirroredParam[] | undefined {
    return this.#offers.tools.find(tool)?.mirrored;
  }

  /** Ends gracefully, as the server below does. Idempotent, never rejects. */
  close(options?: { readonly grace?: number }): Promise<void> {
    return this.core.close(options);
  }

  /** Runs a definition; its kind is a capability from the first one that succeeds. */
  #offer(kind: Kind, define: () => void): this {
    try {
      define();
    } catch (error) {
      if (!this.#options.onRefused || !isDefinitionError(error)) throw error;
      this.#options.onRefused(error);
      return this;
    }
    if (this.#offered.has(kind)) return this;
    this.#offered.add(kind);
    this.core.declare(CAPABILITIES[kind]);
    for (const [method, handler] of answersFor(kind, this.#offers, this.#options.caching ?? {}))
      this.core.handle(method, handler);
    return this;
  }

  #listing(kind: Kind, key: 'name' | 'uri', details: readonly string[]): CatalogueOptions {
    const { pageSize = 500, caching = {} } = this.#options;
    const one = kind.slice(0, -1);
    return {
      kind: one,
      key,
      list: kind,
      details,
      pageSize,
      caching,
      checkKey: key === 'uri' ? checkUri : (name) => checkName(one, name),
      onChange: () => this.core.changed({ kind }),
    };
  }
}

type AnyHandler = (input: never, context: Context) => unknown;
type WithOptions<Options, Handle = AnyHandler> = [handler: Handle] | [options: Options, handler: Handle];

function withOptions<Options, Handle>(
  rest: WithOptions<Options, Handle>,
): [options: Options, handler: Handle] {
  return rest.length === 2 ? rest : [{} as Options, rest[0]];
}
