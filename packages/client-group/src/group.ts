import type {
  CallToolResult,
  CompleteRequestParams,
  CompleteResult,
  GetPromptResult,
  Implementation,
  ReadResourceResult,
} from '@trunkline/protocol';
import {
  systemClock,
  type Client,
  type ClientOptions,
  type Logger,
  type RequestOptions,
} from '@trunkline/session';
import { answeringFor } from './answering.ts';
import type { Component, Definitions, Quarantined } from './components.ts';
import { targetOf, timeoutOf } from './dial.ts';
import { Directory, sessionsOf, type Route } from './directory.ts';
import { GroupError } from './group-error.ts';
import type {
  GroupChange,
  GroupOptions,
  GroupStatusListener,
  RouteOptions,
  SessionParameters,
} from './group-options.ts';
import { Listeners } from './listeners.ts';
import { LiveMap } from './live-map.ts';
import { Member, type MemberStatus } from './member.ts';
import { outcomeOf, type ConnectOptions, type GroupOutcome } from './outcome.ts';
import type { Origin, ServerSource } from './parameters.ts';
import { relayedOf } from './relayed-calls.ts';
import { ResourceFollowers } from './resource-followers.ts';

/** Milliseconds that a server has to show that it is there. */
const HEALTH_TIMEOUT = 5_000;

/**
 * Many servers as if they were one: their tools, resources and prompts under one roof, each call brought to the server that
 * answers for it. Servers come and go in any order; one that fails costs the others nothing. Every call settles exactly
 * once, as those of a `Client` do, or with a `GroupError` if no server was asked.
 */
export class ClientGroup {
  /** What the servers offer, by its name in the group. Each map shows the present, whoever holds it. */
  readonly tools: ReadonlyMap<string, Component<Definitions['tools']>>;
  /** By URI. */
  readonly resources: ReadonlyMap<string, Component<Definitions['resources']>>;
  /** By pattern. */
  readonly resourceTemplates: ReadonlyMap<string, Component<Definitions['resourceTemplates']>>;
  readonly prompts: ReadonlyMap<string, Component<Definitions['prompts']>>;
  /** The open sessions by the name of their server. */
  readonly sessions: ReadonlyMap<string, Client>;
  readonly #options: GroupOptions;
  readonly #logger: Logger;
  readonly #members = new Map<string, Member>();
  readonly #directory: Directory;
  readonly #changes: Listeners<[GroupChange]>;
  readonly #statuses: Listeners<Parameters<GroupStatusListener>>;
  readonly #followers: ResourceFollowers;
  #closed = false;

  constructor(options: GroupOptions = {}) {
    this.#options = options;
    this.#logger = options.logger ?? { debug() {}, warn() {}, error() {} };
    this.#changes = new Listeners(this.#logger);
    this.#statuses = new Listeners(this.#logger);
    this.#directory = new Directory(this.#members, options.componentNameHook);
    ({
      tools: this.tools,
      resources: this.resources,
      resourceTemplates: this.resourceTemplates,
      prompts: this.prompts,
    } = this.#directory);
    this.sessions = new LiveMap(() => sessionsOf(this.#members));
    this.#followers = new ResourceFollowers(
      (uri) => this.#changes.tell({ kind: 'resource', uri }),
      this.#logger,
    );
    relayedOf(this).mayAsk = options.relay === true;
    options.stack?.defer(() => this.close());
  }

  /** What became of each server: not asked for yet, being opened, or what its session says. */
  get statuses(): ReadonlyMap<string, MemberStatus> {
    return new Map([...this.#members].map(([name, { status }]) => [name, status]));
  }

  /** What servers offer that is not passed on, and why. */
  get quarantined(): readonly Quarantined[] {
    return [...this.#members.values()].flatMap(({ quarantined }) => quarantined);
  }

  /** Grows whenever something that is offered changes. */
  get version(): number {
    return this.#directory.version;
  }

  /** Opens a session with one server and takes in what it offers. If that fails, nothing of it is left. */
  async connectToServer(source: ServerSource, parameters: SessionParameters = {}): Promise<Client> {
    const member = await this.#add(source, parameters);
    try {
      return await member.open();
    } catch (error) {
      await this.#drop(member);
      throw error;
    }
  }

  /** Takes in a session that somebody else opened and goes on owning: removing it does not close it. */
  async connectWithSession(serverInfo: Implementation | undefined, client: Client): Promise<Client> {
    const name = this.#freeName((serverInfo ?? client.serverInfo)?.name ?? 'server');
    const member = this.#member(name, { adopted: client }, {});
    try {
      return await member.open();
    } catch (error) {
      await this.#drop(member);
      throw error;
    }
  }

  /**
   * Opens sessions with many servers at once, by name; those that are lazy wait until they are needed. Never rejects for a
   * server's sake: the outcome says which failed, and why, and nothing of those is left.
   */
  async connectToServers(
    sources: Readonly<Record<string, ServerSource>>,
    options: ConnectOptions = {},
  ): Promise<GroupOutcome> {
    const open = async (name: string): Promise<Member> => {
      const { lazy, ...parameters } = { lazy: options.lazy, ...options.sessions?.[name] };
      const signal = parameters.signal ?? options.signal;
      const member = await this.#add(sources[name] as ServerSource, { ...parameters, name, signal });
      if (lazy) return member;
      try {
        await member.open();
        return member;
      } catch (error) {
        await this.#drop(member);
        throw error;
      }
    };
    return outcomeOf(Object.keys(sources), open, { ...options, concurrency: this.#options.concurrency });
  }

  /** Opens the sessions that nobody needed yet. Never rejects: those that fail may be tried again. */
  open(options: Omit<ConnectOptions, 'lazy' | 'sessions'> = {}): Promise<GroupOutcome> {
    const waiting = [...this.#members.values()].filter(({ client }) => !client);
    const open = async (name: string): Promise<Member> => {
      const member = this.#named(name);
      await member.open();
      return member;
    };
    return outcomeOf(
      waiting.map(({ name }) => name),
      open,
      { ...options, concurrency: this.#options.concurrency },
    );
  }

  /** Removes a server with everything it offers and closes its session; calls that are open there fail with `link-lost`. */
  async disconnectFromServer(server: string | Client): Promise<void> {
    await this.#drop(this.#named(server));
  }

  /** Closes a server's session and opens a new one, over a new link. Its name, and its place in the group, stay. */
  async restart(server: string): Promise<Client> {
    return this.#named(server).restart();
  }

  /** Asks every open session whether its server is there. Never rejects: what keeps one from answering is its value. */
  async health(options: RequestOptions = {}): Promise<ReadonlyMap<string, Error | undefined>> {
    const asked = [...this.sessions].map(async ([name, client]) => {
      try {
        await client.ping({ timeout: HEALTH_TIMEOUT, ...options });
        return [name, undefined] as const;
      } catch (error) {
        return [name, error as Error] as const;
      }
    });
    return new Map(await Promise.all(asked));
  }

  /** Calls a tool by its name in the group. */
  async callTool(name: string, args?: object, options: RouteOptions = {}): Promise<CallToolResult> {
    const { client, ownName } =
      (options.server === undefined && this.#directory.find('tools', name)) ||
      (await this.route('tools', name, options.server));
    return client.callTool(ownName, args, options);
  }

  /** Reads a resource by its URI in the group. */
  async readResource(uri: string, options: RouteOptions = {}): Promise<ReadResourceResult> {
    const { client, ownName } = await this.route('resources', uri, options.server);
    return client.readResource(ownName, options);
  }

  /** Fills in a prompt by its name in the group. */
  async getPrompt(
    name: string,
    args?: Record<string, string>,
    options: RouteOptions = {},
  ): Promise<GetPromptResult> {
    const { client, ownName } = await this.route('prompts', name, options.server);
    return client.getPrompt(ownName, args, options);
  }

  /** Suggests values for an argument of a prompt or resource template, by its name in the group. */
  async complete(params: CompleteRequestParams, options: RouteOptions = {}): Promise<CompleteResult> {
    const { ref } = params;
    if (ref.type === 'ref/prompt') {
      const { client, ownName } = await this.route('prompts', ref.name, options.server);
      return client.complete({ ...params, ref: { ...ref, name: ownName } }, options);
    }
    const { client, ownName } = await this.route('resourceTemplates', ref.uri, options.server);
    return client.complete({ ...params, ref: { ...ref, uri: ownName } }, options);
  }

  /** Reports updates of a resource to the listeners of changes from now on, over every link to its server. */
  async subscribeResource(uri: string, options: Pick<RouteOptions, 'server' | 'signal'> = {}): Promise<void> {
    await this.#followers.follow(uri, () => this.route('resources', uri, options.server));
  }

  /** Ends what `subscribeResource` began. */
  unsubscribeResource(uri: string): Promise<void> {
    return this.#followers.unfollow(uri);
  }

  /** Calls the listener at every change of what the group offers, until the returned function is called. */
  onChange(listener: (change: GroupChange) => void): () => void {
    return this.#changes.add(listener);
  }

  /** Calls the listener whenever something becomes of a server, until the returned function is called. */
  onStatus(listener: GroupStatusListener): () => void {
    return this.#statuses.add(listener);
  }

  /** Who answers for a name. Servers that nobody needed yet are opened before it counts as unknown. */
  async route(
    kind: 'tools' | 'prompts' | 'resources' | 'resourceTemplates',
    name: string,
    server?: string,
  ): Promise<Route> {
    if (server !== undefined) {
      const member = this.#named(server);
      const client = await member.open();
      const component = this.#directory[kind].get(name);
      return { server, client, ownName: component?.server === server ? component.ownName : name };
    }
    const find = (): Route | undefined =>
      kind === 'resources' ? this.#directory.findResource(name) : this.#directory.find(kind, name);
    const found = find();
    if (found) return found;
    await this.open();
    const opened = find();
    if (!opened) throw this.#directory.unknown(kind, name);
    return opened;
  }

  /** Closes everything that was opened here, in parallel. Idempotent, never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#members.values()].map((member) => this.#drop(member)));
    this.#changes.clear();
    this.#statuses.clear();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #add(source: ServerSource, parameters: SessionParameters): Promise<Member> {
    const { name, readTimeout, restart = {}, lazy: _lazy, ...own } = parameters;
    const target = targetOf(source, this.#options.dialers ?? {}, restart);
    const timeout = readTimeout ?? own.timeout ?? timeoutOf(source) ?? this.#options.session?.timeout;
    const session = { ...this.#options.session, ...own, ...(timeout !== undefined && { timeout }) };
    if (name !== undefined && this.#members.has(name))
      throw new GroupError('misuse', `the group has a server called ${JSON.stringify(name)} already`);
    return this.#member(name ?? this.#freeName('server'), { target }, session, name === undefined);
  }

  #member(name: string, origin: Origin, own: ClientOptions, rename = false): Member {
    if (this.#closed) throw new GroupError('closed', 'the group was closed');
    const { clock = systemClock, checkSchema, maxComponents = 10_000 } = this.#options;
    const member: Member = new Member({
      name,
      origin,
      session: {
        reconnect: {},
        clock,
        logger: this.#logger,
        ...own,
        ...this.#answering(() => member.name, own),
      },
      admission: { checkSchema, maxComponents },
      logger: this.#logger,
      rename: rename ? (title) => this.#rename(member, title) : undefined,
      onComponents: (kind) => {
        this.#directory.changed(kind);
        this.#changes.tell({ kind: kind === 'resourceTemplates' ? 'resources' : kind });
      },
      onStatus: (status, cause) => this.#statuses.tell(member.name, status, cause),
    });
    this.#members.set(name, member);
    return member;
  }

  #answering(server: () => string, own: ClientOptions): ClientOptions {
    return this.#options.relay ? answeringFor(server, relayedOf(this), own) : {};
  }

  /** A server that nobody named is called what it calls itself. */
  #rename(member: Member, name: string): string {
    this.#members.delete(member.name);
    const free = this.#freeName(name);
    this.#members.set(free, member);
    return free;
  }

  async #drop(member: Member): Promise<void> {
    if (this.#members.get(member.name) === member) {
      this.#members.delete(member.name);
      this.#directory.changed();
      if (member.client)
        for (const kind of ['tools', 'resources', 'prompts'] as const) this.#changes.tell({ kind });
    }
    this.#followers.forget(member.name);
    await member.close();
  }

  #named(server: string | Client): Member {
    const found =
      typeof server === 'string'
        ? this.#members.get(server)
        : [...this.#members.values()].find(({ client }) => client === server);
    if (found) return found;
    const what = typeof server === 'string' ? `a server called ${JSON.stringify(server)}` : 'this session';
    throw new GroupError('unknown-server', `the group has not ${what}; it may have been removed`);
  }

  #freeName(name: string): string {
    if (!this.#members.has(name)) return name;
    let count = 2;
    while (this.#members.has(`${name}-${count}`)) count += 1;
    return `${name}-${count}`;
  }
}
