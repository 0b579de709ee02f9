/**
 * A server that offers what a remote server offers, over any transport and across eras.
 */
import {
  isMcpError,
  type JsonObject,
  type Prompt,
  type Resource,
  type ResourceTemplate,
  type Tool,
} from '@trunkline/protocol';
import { systemClock, type Client, type Listening } from '@trunkline/session';
import type { Catalogue } from './catalogue.ts';
import type { Completer } from './completion.ts';
import { isDefinitionError } from './definition-error.ts';
import type { Offer } from './offer.ts';
import { forward, type Remote } from './proxy/forward.ts';
import { Lanes, type ConnectTo } from './proxy/lanes.ts';
import { Parking } from './proxy/parking.ts';
import { registryOf, type Registry } from './registry.ts';
import type { Address } from './resource.ts';
import { createServer, type FastServer } from './server.ts';
import type { FastServerOptions } from './server-options.ts';
import { parseUriTemplate } from './uri-template/uri-template.ts';

export type { ConnectTo } from './proxy/lanes.ts';

/** How a remote server is offered. */
export interface ProxyOptions extends Omit<FastServerOptions, 'lifespan'> {
  /** Milliseconds for which an open call waits for a caller's answer. 600,000 unless given. */
  readonly parkFor?: number;
  /** Calls that may wait at once. 1,000 unless given. */
  readonly maxParked?: number;
  /** Sessions with a legacy server at once; each open call has one. 16 unless given. */
  readonly maxSessions?: number;
}

/**
 * Makes a server of a remote one: `proxy((options) => connect(dial, options), { name, version })`. It connects when it is
 * opened and follows the lists from then on. A call is made once, whatever happens to its caller: one that waits for an
 * answer is rejoined, and if it is gone the caller is told.
 */
export function proxy(connectTo: ConnectTo, options: ProxyOptions): FastServer {
  const { parkFor = 600_000, maxParked = 1000, maxSessions = 16, ...rest } = options;
  const clock = options.clock ?? systemClock;
  const server = createServer({
    ...rest,
    lifespan: async () => {
      const lanes = new Lanes(connectTo, maxSessions);
      const lane = await lanes.open(undefined);
      const remote: Remote = {
        client: lane.client,
        lanes,
        parking: new Parking(clock, parkFor, maxParked),
        clock,
      };
      const mirror = new Mirror(remote, registryOf(server), (error) => options.onError?.(error, 'proxy'));
      await mirror.start();
      return {
        async [Symbol.asyncDispose]() {
          remote.parking.close();
          await lanes.close();
        },
      };
    },
  });
  return server as unknown as FastServer;
}

type ListKind = 'tools' | 'prompts' | 'resources';

/** Keeps what is offered here equal to what the remote server lists. */
class Mirror {
  readonly #remote: Remote;
  readonly #registry: Registry;
  readonly #onError: (error: unknown) => void;

  constructor(remote: Remote, registry: Registry, onError: (error: unknown) => void) {
    this.#remote = remote;
    this.#registry = registry;
    this.#onError = onError;
  }

  async start(): Promise<void> {
    const { capabilities } = this.#remote.client;
    const kinds = (['tools', 'prompts', 'resources'] as const).filter((kind) => capabilities[kind]);
    this.#registry.serve(...kinds, ...(capabilities.completions ? (['completions'] as const) : []));
    const followed = kinds.filter((kind) => capabilities[kind]?.listChanged);
    // What changes between the two is heard, too.
    const listening = followed.length > 0 ? await this.#listen(followed) : undefined;
    await Promise.all(kinds.map((kind) => this.#read(kind)));
    if (listening) void this.#follow(listening);
  }

  #listen(kinds: readonly ListKind[]): Promise<Listening> {
    return this.#remote.client.listen({
      toolsListChanged: kinds.includes('tools'),
      promptsListChanged: kinds.includes('prompts'),
      resourcesListChanged: kinds.includes('resources'),
    });
  }

  async #follow(listening: Listening): Promise<void> {
    try {
      for await (const { kind } of listening) if (kind !== 'resource') await this.#read(kind);
    } catch (error) {
      this.#onError(error);
    }
  }

  async #read(kind: ListKind): Promise<void> {
    const { client } = this.#remote;
    const { offers } = this.#registry;
    if (kind === 'tools') {
      const { tools } = await client.listTools();
      replace(
        offers.tools,
        tools.map((tool) => this.#tool(tool)),
        this.#onError,
      );
    } else if (kind === 'prompts') {
      const { prompts } = await client.listPrompts();
      replace(
        offers.prompts,
        prompts.map((prompt) => this.#prompt(prompt, client)),
        this.#onError,
      );
    } else {
      const [{ resources }, { resourceTemplates }] = await Promise.all([
        client.listResources(),
        client.listResourceTemplates().catch(none),
      ]);
      replace(
        offers.resources,
        resources.map((resource) => this.#resource(resource)),
        this.#onError,
      );
      const templates = resourceTemplates.map((template) => this.#template(template, client));
      replace(offers.resourceTemplates, templates, this.#onError);
    }
  }

  #tool(listed: Tool): Offer<Tool, JsonObject> {
    const { name } = listed;
    const run: Offer<Tool, JsonObject>['run'] = (_listed, args, context) =>
      forward(this.#remote, 'tools/call', { name, arguments: args }, context);
    return { listed, tags: [], run };
  }

  #prompt(listed: Prompt, client: Client): Offer<Prompt, JsonObject> {
    const { name } = listed;
    const names = (listed.arguments ?? []).map((argument) => argument.name);
    return {
      listed,
      tags: [],
      complete: completersFor(names, { type: 'ref/prompt', name }, client),
      run: (_listed, args, context) =>
        forward(this.#remote, 'prompts/get', { name, arguments: args }, context),
    };
  }

  #resource<Listed extends Resource | ResourceTemplate>(listed: Listed): Offer<Listed, Address> {
    const run: Offer<Listed, Address>['run'] = (_listed, { uri }, context) =>
      forward(this.#remote, 'resources/read', { uri }, context);
    return { listed, tags: [], run };
  }

  #template(listed: ResourceTemplate, client: Client): Offer<ResourceTemplate, Address> {
    const { uriTemplate } = listed;
    const template = tolerant(uriTemplate, this.#onError);
    return {
      ...this.#resource(listed),
      match: (uri) => template?.match(uri),
      complete: completersFor(template?.variables ?? [], { type: 'ref/resource', uri: uriTemplate }, client),
    };
  }
}

type Reference = Parameters<Client['complete']>[0]['ref'];

function completersFor(
  names: readonly string[],
  ref: Reference,
  client: Client,
): ReadonlyMap<string, Completer | undefined> {
  if (!client.capabilities.completions) return new Map();
  const completer =
    (name: string): Completer =>
    async (value, settled, { signal }) =>
      (await client.complete({ ref, argument: { name, value }, context: { arguments: settled } }, { signal }))
        .completion;
  return new Map(names.map((name) => [name, completer(name)]));
}

/** A template that cannot be read here is listed all the same. */
function tolerant(
  uriTemplate: string,
  onError: (error: unknown) => void,
): ReturnType<typeof parseUriTemplate> | undefined {
  try {
    const template = parseUriTemplate(uriTemplate);
    template.match('');
    return template;
  } catch (error) {
    if (!isDefinitionError(error)) throw error;
    onError(error);
    return undefined;
  }
}

function replace<Listed extends JsonObject, Input>(
  catalogue: Catalogue<Listed, Input>,
  offers: readonly Offer<Listed, Input>[],
  onError: (error: unknown) => void,
): void {
  for (const key of catalogue.keys) catalogue.remove(key);
  for (const offer of offers) {
    try {
      catalogue.add(offer);
    } catch (error) {
      // A remote server may list the same name twice.
      onError(error);
    }
  }
}

function none(error: unknown): { resourceTemplates: ResourceTemplate[] } {
  if (isMcpError(error, 'RemoteError')) return { resourceTemplates: [] };
  throw error;
}
