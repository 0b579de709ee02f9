import type { JsonRpcRequest } from '@trunkline/protocol';
import type { Store } from '@trunkline/store';
import type { Acceptor, Exchange } from '@trunkline/transport';
import type { LegacySession } from './session.ts';

/** What is kept of a session in the store. */
export interface SessionRecord {
  readonly principal: string;
  readonly revision: string;
  /** What the client opened it with; absent when that was too long to keep. */
  readonly opening?: JsonRpcRequest;
  /** Whether the client said that it is initialized. */
  readonly ready: boolean;
  /** The process that used it last. */
  readonly by: string;
}

const MAX_OPENING = 16 * 1024;
const GRACE = 60_000;

/** Writes the records of the sessions that live here, and keeps them from expiring. */
export class SessionRecords {
  readonly #store: Store;
  readonly #ttl: number;
  readonly #onError: (error: unknown) => void;
  readonly #self: string = crypto.randomUUID();
  /** When each record is to be written anew. */
  readonly #dueAt = new Map<LegacySession, number>();

  constructor(store: Store, idleTimeout: number, onError: (error: unknown) => void) {
    this.#store = store;
    this.#ttl = idleTimeout + GRACE;
    this.#onError = onError;
  }

  async write(session: LegacySession, opening: JsonRpcRequest): Promise<void> {
    const { principal, revision = '' } = session;
    const isShort = JSON.stringify(opening).length <= MAX_OPENING;
    const record: SessionRecord = {
      principal,
      revision,
      ready: false,
      by: this.#self,
      ...(isShort && { opening }),
    };
    await this.#store.set(keyOf(session.id), JSON.stringify(record), this.#expiry);
    this.#keep(session);
  }

  /** Takes over a session that another process had. */
  adopt(session: LegacySession): void {
    this.#keep(session);
    this.#rewrite(session, (record) => record);
  }

  /** Leaves the record to whoever continues the session. */
  release(session: LegacySession): void {
    this.#dueAt.delete(session);
  }

  /** Nobody used the session here for a long time: it is forgotten, unless somebody uses it elsewhere. */
  retire(session: LegacySession): void {
    this.release(session);
    const retire = async (): Promise<void> => {
      const key = keyOf(session.id);
      const text = await this.#store.get(key);
      const isOurs = text !== undefined && (JSON.parse(text) as SessionRecord).by === this.#self;
      if (isOurs && (await this.#store.compareAndSet(key, text, undefined))) await session.log?.drop();
    };
    retire().catch(this.#onError);
  }

  confirm(session: LegacySession): void {
    this.#rewrite(session, (record) => ({ ...record, ready: true }));
  }

  /** Keeps the record from expiring, when it is time. */
  refresh(session: LegacySession): void {
    if (performance.now() < (this.#dueAt.get(session) ?? Infinity)) return;
    this.#keep(session);
    this.#rewrite(session, (record) => record);
  }

  /** Forgets a session everywhere. */
  delete(session: LegacySession, topic: string): void {
    if (!this.#dueAt.delete(session)) return;
    const { id } = session;
    Promise.all([this.#store.delete(keyOf(id)), session.log?.drop(), this.#store.publish(topic, id)]).catch(
      this.#onError,
    );
  }

  #keep(session: LegacySession): void {
    this.#dueAt.set(session, performance.now() + this.#ttl / 4);
  }

  get #expiry(): { ttl: number } | undefined {
    return this.#ttl === Infinity ? undefined : { ttl: this.#ttl };
  }

  #rewrite({ id }: LegacySession, change: (record: SessionRecord) => SessionRecord): void {
    const rewrite = async (): Promise<void> => {
      const text = await this.#store.get(keyOf(id));
      if (text === undefined) return;
      const next = JSON.stringify({ ...change(JSON.parse(text) as SessionRecord), by: this.#self });
      await this.#store.compareAndSet(keyOf(id), text, next, this.#expiry);
    };
    rewrite().catch(this.#onError);
  }
}

/** The record of a session, wherever it was written. */
export async function readRecord(store: Store, id: string): Promise<SessionRecord | undefined> {
  const text = await store.get(keyOf(id));
  return text === undefined ? undefined : (JSON.parse(text) as SessionRecord);
}

/** Opens a session anew with what its client said the first time; `false` if the server does not agree any more. */
export async function revive(
  session: LegacySession,
  record: SessionRecord,
  acceptor: Acceptor,
): Promise<boolean> {
  const { opening, revision, ready } = record;
  if (!opening) return false;
  session.revision = revision;
  await acceptor.link(session);
  const agreed = await new Promise<boolean>((resolve) => {
    session.deliver(opening, internalExchange(session, resolve));
    void session.closed.then(() => resolve(false));
  });
  if (agreed && ready) {
    session.deliver(
      { jsonrpc: '2.0', method: 'notifications/initialized' },
      internalExchange(session, () => {}),
    );
  }
  return agreed;
}

function keyOf(id: string): string {
  return `mcp:session:${id}`;
}

/** The client has the answer already; whether it is the same is all that matters here. */
function internalExchange(session: LegacySession, agreed: (yes: boolean) => void): Exchange {
  return {
    signal: session.signal,
    origin: {},
    scope: session,
    async send(message) {
      if (!('method' in message)) agreed(!('error' in message));
    },
    end: () => agreed(false),
  };
}
