import type { JsonObject } from '@trunkline/protocol';
import { Server, systemClock, type Context } from '@trunkline/session';
import {
  answersFor,
  CAPABILITIES,
  definitionOf,
  readResource,
  type Feature,
  type Offers,
} from './answers.ts';
import type { Call, Middleware } from './call.ts';
import { Catalogue, type CatalogueOptions } from './catalogue.ts';
import type { Host } from './context.ts';
import { DefinitionError, isDefinitionError } from './definition-error.ts';
import { checkName } from './details.ts';
import { Lifespan } from './lifespan.ts';
import { mappingsFor, type MountOptions } from './mount.ts';
import { throughMiddleware, type CallOf, type Offer } from './offer.ts';
import { PROMPT_DETAILS } from './prompt.ts';
import { checkTemplate, RESOURCE_TEMPLATE_DETAILS } from './resource-template.ts';
import { checkUri, RESOURCE_DETAILS } from './resource.ts';
import { infoOf, type FastServerOptions } from './server-options.ts';
import { requestStateIn, SharedStore } from './shared-store.ts';
import { States } from './state.ts';
import { TOOL_DETAILS } from './tool.ts';

type Change = Parameters<Server['changed']>[0];

const DAY = 86_400_000;

const REGISTRIES = new WeakMap<object, Registry>();

/** The registry behind a server, for the parts of this package that add to it by themselves. */
export function registryOf(server: object): Registry {
  return REGISTRIES.get(server) as Registry;
}

/** Says which registry is behind a server. */
export function setRegistry(server: object, registry: Registry): void {
  REGISTRIES.set(server, registry);
}

/** What one server offers, remembers and has opened, and the servers mounted in it. */
export class Registry implements Host {
  readonly core: Server;
  readonly offers: Offers;
  readonly states: States;
  /** The identifiers of those that were added. */
  readonly extensions: Set<string> = new Set();
  readonly #options: FastServerOptions<unknown>;
  readonly #lifespan: Lifespan;
  #opened = false;
  readonly #shared: SharedStore;
  readonly #middlewares: Middleware[] = [];
  readonly #features = new Set<Feature>();
  readonly #below = new Map<Registry, (uri: string) => string>();
  readonly #above = new Set<Registry>();

  constructor(options: FastServerOptions<unknown>) {
    this.#options = options;
    this.#lifespan = new Lifespan(options.lifespan);
    this.#shared = new SharedStore(options.store);
    this.states = new States({
      store: async () => this.#shared.store,
      ttl: options.stateTtl ?? DAY,
      server: options.name,
    });
    this.core = this.#makeCore();
    this.offers = this.#makeOffers();
  }

  get values(): unknown {
    return this.#lifespan.values;
  }

  /** Whether everything is opened that handlers need. */
  get isOpen(): boolean {
    return this.#lifespan.isOpen && [...this.#below.keys()].every((other) => other.isOpen);
  }

  async open(): Promise<void> {
    this.#opened = true;
    await Promise.all([this.#lifespan.open(), ...[...this.#below.keys()].map((other) => other.open())]);
  }

  async close(options?: { readonly grace?: number }): Promise<void> {
    await this.core.close(options);
    await this.#lifespan.close().catch((error: unknown) => this.#options.onError?.(error, 'lifespan'));
    await this.#shared.close();
  }

  readResource(uri: string, context: Context): unknown {
    return readResource({ uri }, context, this.offers, this);
  }

  /** Answers the methods of features from now on. */
  serve(...features: readonly Feature[]): void {
    for (const feature of features) {
      if (this.#features.has(feature)) continue;
      this.#features.add(feature);
      this.core.declare(CAPABILITIES[feature]);
      for (const [method, handler] of answersFor(feature, this.offers, this))
        this.core.handle(method, handler);
    }
    for (const above of this.#above) above.serve(...features);
  }

  use(middleware: Middleware): void {
    this.#middlewares.push(middleware);
    for (const catalogue of Object.values(this.offers)) (catalogue as Offers['tools']).refresh();
  }

  changed(change: Change): void {
    this.core.changed(change);
    for (const above of this.#above) above.#heard(this, change);
  }

  mount(other: Registry, options: MountOptions): void {
    if (other === this || other.#contains(this) || this.#below.has(other))
      throw new DefinitionError('name-taken', 'a server is mounted once in another, and never in itself');
    const { uri, ...mappings } = mappingsFor(other, options);
    this.#below.set(other, uri);
    other.#above.add(this);
    if (this.#opened) void other.open().catch((error: unknown) => this.#options.onError?.(error, 'lifespan'));
    this.serve(...other.#features);
    this.offers.tools.mount(other.offers.tools, mappings.tool);
    this.offers.resources.mount(other.offers.resources, mappings.resource);
    this.offers.resourceTemplates.mount(other.offers.resourceTemplates, mappings.resourceTemplate);
    this.offers.prompts.mount(other.offers.prompts, mappings.prompt);
  }

  unmount(other: Registry): boolean {
    if (!this.#below.delete(other)) return false;
    other.#above.delete(this);
    for (const [kind, catalogue] of Object.entries(this.offers))
      (catalogue as Offers['tools']).unmount(other.offers[kind as keyof Offers] as Offers['tools']);
    return true;
  }

  #contains(other: Registry): boolean {
    return [...this.#below.keys()].some((below) => below === other || below.#contains(other));
  }

  /** Lists tell of themselves; only what is known by its address has another one here. */
  #heard(from: Registry, change: Change): void {
    const uriOf = this.#below.get(from);
    if (uriOf && change.kind === 'resource') this.changed({ kind: 'resource', uri: uriOf(change.uri) });
  }

  #makeCore(): Server {
    const { clock = systemClock, requestState, caching, store } = this.#options;
    const { redeem, overflow } = requestStateIn(this.#shared, () => clock.wall());
    return new Server(infoOf(this.#options), {
      ...this.#options,
      requestState: { overflow, ...(store && { redeem }), ...requestState },
      ...(caching && { discoverCaching: caching }),
      definitionOf: (method, params) => definitionOf(method, params, this.offers),
    });
  }

  #makeOffers(): Offers {
    const named = (name: string, kind: Call['kind']): ReturnType<CallOf<never, never>> =>
      ({ kind, name }) as ReturnType<CallOf<never, never>>;
    return {
      tools: this.#catalogue('tools', 'name', TOOL_DETAILS, 'tools', (definition, args) => ({
        ...named(definition.name, 'tool'),
        definition,
        args,
      })),
      resources: this.#catalogue(
        'resources',
        'uri',
        RESOURCE_DETAILS,
        'resources',
        (definition, { uri }) => ({
          ...named(uri, 'resource'),
          definition,
          args: { uri },
        }),
      ),
      resourceTemplates: this.#catalogue(
        'resourceTemplates',
        'uriTemplate',
        RESOURCE_TEMPLATE_DETAILS,
        'resources',
        (definition, { uri }) => ({ ...named(uri, 'resource'), definition, args: { uri } }),
      ),
      prompts: this.#catalogue('prompts', 'name', PROMPT_DETAILS, 'prompts', (definition, args) => ({
        ...named(definition.name, 'prompt'),
        definition,
        args,
      })),
    };
  }

  #catalogue<Listed extends JsonObject, Input extends JsonObject | { readonly uri: string }>(
    list: keyof Offers,
    key: CatalogueOptions<Listed, Input>['key'],
    details: readonly string[],
    kind: 'tools' | 'resources' | 'prompts',
    callOf: CallOf<Listed, Input>,
  ): Catalogue<Listed, Input> {
    const { pageSize = 500, caching = {} } = this.#options;
    const one = WORD[list];
    const inputOf = (args: JsonObject, input: Input): Input => (key === 'name' ? (args as Input) : input);
    const catalogue = new Catalogue<Listed, Input>({
      kind: one,
      key,
      list,
      details,
      pageSize,
      caching,
      refused: (error) => {
        if (this.#options.onRefused && isDefinitionError(error)) this.#options.onRefused(error);
        else this.#options.onError?.(error, `${list}/list`);
      },
      checkKey: { name: (name: string) => checkName(one, name), uri: checkUri, uriTemplate: checkTemplate }[
        key
      ],
      wrap: (offer: Offer<Listed, Input>) => throughMiddleware(offer, this.#middlewares, callOf, inputOf),
    });
    catalogue.onChange(() => this.core.changed({ kind }));
    return catalogue;
  }
}

const WORD: Readonly<Record<keyof Offers, string>> = {
  tools: 'tool',
  resources: 'resource',
  resourceTemplates: 'resource template',
  prompts: 'prompt',
};
