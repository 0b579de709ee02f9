import { isRemoteError, ErrorCode, type Implementation, type SubscriptionFilter } from '@trunkline/protocol';
import { connect, type Client, type ClientOptions, type ClientStatus, type Logger } from '@trunkline/session';
import { admit, type Admission, type Admitted } from './admission.ts';
import { KINDS, type ComponentKind, type Quarantined } from './components.ts';
import { GroupError } from './group-error.ts';
import type { Origin } from './parameters.ts';

/** What has become of a member: not asked for yet, being opened, or what its session says. */
export type MemberStatus = 'lazy' | 'connecting' | 'failed' | ClientStatus;

/** What a member is made of. */
export interface MemberOptions {
  readonly name: string;
  readonly origin: Origin;
  readonly session: ClientOptions;
  readonly admission: Omit<Admission, 'server' | 'kind'>;
  readonly logger: Logger;
  /** Hears that what a server offers was read anew, and differs or may differ. */
  readonly onComponents: (kind: ComponentKind) => void;
  readonly onStatus: (status: MemberStatus, cause?: Error) => void;
  /** Takes what the server calls itself and gives what it is called in the group. */
  readonly rename: ((name: string) => string) | undefined;
}

const NOTHING: Admitted = { definitions: new Map(), quarantined: [] };

/** One server of a group: opens its session, reads what it offers and follows the changes. */
export class Member {
  readonly #options: MemberOptions;
  readonly #lists = new Map<ComponentKind, Admitted>();
  readonly #failures = new Map<ComponentKind, Error>();
  readonly #reading = new Map<ComponentKind, Promise<void>>();
  readonly #waiting = new Map<ComponentKind, Promise<void>>();
  readonly #closing = new AbortController();
  #name: string;
  #client: Client | undefined;
  #opening: Promise<Client> | undefined;
  #status: MemberStatus = 'lazy';
  #forgetStatus: () => void = () => {};

  constructor(options: MemberOptions) {
    this.#name = options.name;
    this.#options = options;
  }

  get name(): string {
    return this.#name;
  }

  get status(): MemberStatus {
    return this.#status;
  }

  /** The session, once there is one. */
  get client(): Client | undefined {
    return this.#client;
  }

  get serverInfo(): Implementation {
    return this.#client?.serverInfo ?? { name: this.name, version: '' };
  }

  /** What of it the group does not pass on. */
  get quarantined(): readonly Quarantined[] {
    return KINDS.flatMap((kind) => this.#list(kind).quarantined);
  }

  /** The lists that could not be read. What was read before still stands. */
  get failures(): ReadonlyMap<ComponentKind, Error> {
    return this.#failures;
  }

  offered(kind: ComponentKind): ReadonlyMap<string, object> {
    return this.#list(kind).definitions;
  }

  /** The session, opened once however many ask for it. What failed is tried again by the next who asks. */
  open(): Promise<Client> {
    this.#opening ??= this.#open().catch((error: unknown) => {
      this.#opening = undefined;
      this.#tell('failed', error as Error);
      throw error;
    });
    return this.#opening;
  }

  /** Closes the session, if it was opened here, and opens a new one. */
  async restart(): Promise<Client> {
    if ('adopted' in this.#options.origin)
      throw new GroupError('misuse', `${this.name}: a session that was adopted is restarted by its owner`);
    const client = await this.#opening?.catch(() => undefined);
    this.#forgetStatus();
    this.#opening = undefined;
    await client?.close();
    return this.open();
  }

  /** Reads everything anew that the server offers. Never rejects: see `failures`. */
  async refresh(): Promise<void> {
    await Promise.all(KINDS.map((kind) => this.#refresh(kind)));
  }

  /** Closes the session if it was opened here. Idempotent, never rejects. */
  async close(): Promise<void> {
    this.#closing.abort(new GroupError('closed', `the server ${this.name} was removed from the group`));
    this.#forgetStatus();
    const client = await this.#opening?.catch(() => undefined);
    if (client && !('adopted' in this.#options.origin)) await client.close();
    this.#tell('closed');
  }

  async #open(): Promise<Client> {
    this.#closing.signal.throwIfAborted();
    this.#tell('connecting');
    const client = await this.#connect();
    if (this.#closing.signal.aborted) {
      if (!('adopted' in this.#options.origin)) await client.close();
      throw this.#closing.signal.reason;
    }
    this.#adopt(client);
    this.#forgetStatus = client.onStatus((status, cause) => this.#changed(status, cause));
    await this.#follow(client);
    await this.refresh();
    this.#tell(client.status);
    return client;
  }

  #adopt(client: Client): void {
    const { rename } = this.#options;
    const known = this.#client !== undefined;
    this.#client = client;
    if (rename && !known && client.serverInfo) this.#name = rename(client.serverInfo.name);
  }

  async #connect(): Promise<Client> {
    const { origin, session } = this.#options;
    if ('adopted' in origin) return origin.adopted;
    const signals = [this.#closing.signal, ...(session.signal ? [session.signal] : [])];
    return connect(origin.target, { ...session, signal: AbortSignal.any(signals) });
  }

  #changed(status: ClientStatus, cause: Error | undefined): void {
    this.#tell(status, cause);
    // Another process may be behind the new link.
    if (status === 'open') void this.refresh();
  }

  /** Subscribed before the lists are read, so that no change falls between. A server that does not let us is read once. */
  async #follow(client: Client): Promise<void> {
    const { tools, resources, prompts } = client.capabilities;
    const filter: SubscriptionFilter = {
      ...(tools?.listChanged && { toolsListChanged: true }),
      ...(resources?.listChanged && { resourcesListChanged: true }),
      ...(prompts?.listChanged && { promptsListChanged: true }),
    };
    if (Object.keys(filter).length === 0) return;
    try {
      void this.#hear(await client.listen(filter, { signal: this.#closing.signal }));
    } catch (error) {
      this.#options.logger.warn(`${this.name}: changes of its lists are not followed`, error);
    }
  }

  async #hear(listening: Awaited<ReturnType<Client['listen']>>): Promise<void> {
    try {
      for await (const { kind } of listening) {
        if (kind === 'resources') void this.#refresh('resourceTemplates');
        if (kind !== 'resource') void this.#refresh(kind);
      }
    } catch (error) {
      this.#options.logger.warn(`${this.name}: changes of its lists are followed no more`, error);
    }
  }

  /** One reading at a time; whatever changes meanwhile, and however often, is read once more after it. */
  #refresh(kind: ComponentKind): Promise<void> {
    const waiting = this.#waiting.get(kind);
    if (waiting) return waiting;
    const before = this.#reading.get(kind);
    if (!before) return this.#begin(kind);
    const next = before.then(() => {
      this.#waiting.delete(kind);
      return this.#begin(kind);
    });
    this.#waiting.set(kind, next);
    return next;
  }

  #begin(kind: ComponentKind): Promise<void> {
    const reading = this.#read(kind).finally(() => this.#reading.delete(kind));
    this.#reading.set(kind, reading);
    return reading;
  }

  async #read(kind: ComponentKind): Promise<void> {
    const client = this.#client;
    if (!client || this.#closing.signal.aborted) return;
    const { admission, logger, onComponents } = this.#options;
    try {
      const items = await list(client, kind, this.#closing.signal);
      const admitted = admit(items, { ...admission, server: this.name, kind });
      this.#failures.delete(kind);
      this.#lists.set(kind, admitted);
      for (const { name, reason } of admitted.quarantined)
        logger.warn(`${this.name}: left out ${JSON.stringify(name)} of its ${kind}: ${reason}`);
      onComponents(kind);
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#failures.set(kind, error as Error);
      logger.warn(`${this.name}: could not read its ${kind}`, error);
    }
  }

  #list(kind: ComponentKind): Admitted {
    return this.#lists.get(kind) ?? NOTHING;
  }

  #tell(status: MemberStatus, cause?: Error): void {
    if (this.#status === status || this.#status === 'closed') return;
    this.#status = status;
    this.#options.onStatus(status, cause);
  }
}

/** All of one kind, if the server says that it has any. */
async function list(client: Client, kind: ComponentKind, signal: AbortSignal): Promise<readonly unknown[]> {
  const { tools, resources, prompts } = client.capabilities;
  if (kind === 'tools') return tools ? (await client.listTools({ signal })).tools : [];
  if (kind === 'prompts') return prompts ? (await client.listPrompts({ signal })).prompts : [];
  if (!resources) return [];
  if (kind === 'resources') return (await client.listResources({ signal })).resources;
  try {
    return (await client.listResourceTemplates({ signal })).resourceTemplates;
  } catch (error) {
    // There is no capability of its own that would say so.
    if (isRemoteError(error) && error.code === ErrorCode.MethodNotFound) return [];
    throw error;
  }
}
