import { Countdown, newSessionId, Places, principalOf } from '@trunkline/http-host';
import type { JsonRpcRequest } from '@trunkline/protocol';
import type { Store } from '@trunkline/store';
import type { AuthInfo } from '@trunkline/transport';
import type { Core } from '../server/core.ts';
import type { LegacyOptions } from '../server/options.ts';
import { readRecord, revive, SessionRecords } from './session-records.ts';
import { LegacySession } from './session.ts';

/** Why there is no session: nobody owns one of this id, or there is no room for more. */
export type NoSession = 404 | 429 | 503;

/**
 * The sessions of one handler: bounded, each owned by who opened it, forgotten when nobody uses it. Their records are in the
 * store, so that another process, or this one after a restart, continues them.
 */
export class SessionTable {
  readonly #core: Core;
  readonly #store: Store;
  readonly #options: LegacyOptions;
  readonly #records: SessionRecords;
  readonly #live = new Map<string, LegacySession>();
  readonly #places: Places;
  readonly #reviving = new Map<string, Promise<LegacySession | NoSession>>();
  readonly #idle: Countdown<LegacySession>;
  readonly #unready: Countdown<LegacySession>;
  #leaveTopic: Promise<() => Promise<void>> | undefined;

  constructor(core: Core, store: Store, options: LegacyOptions) {
    const { idleTimeout = 1_800_000, readyTimeout = 10_000 } = options;
    const { maxSessions = 10_000, maxSessionsPerPrincipal = 100 } = options;
    this.#core = core;
    this.#store = store;
    this.#options = options;
    this.#records = new SessionRecords(store, idleTimeout, core.host.onError);
    this.#places = new Places({ all: maxSessions, perPrincipal: maxSessionsPerPrincipal });
    this.#idle = new Countdown(idleTimeout, (session) => this.#rest(session));
    this.#unready = new Countdown(readyTimeout, (session) => session.end({ by: 'local' }));
  }

  /** How many sessions there are, those included that are being opened. */
  get size(): number {
    return this.#places.taken;
  }

  /** A session that nobody knows yet. It counts until it ends. */
  create(auth: AuthInfo | undefined, id: string = newSessionId()): LegacySession | NoSession {
    const leave = this.#places.take(auth);
    if (typeof leave === 'number') return leave;
    return new LegacySession(id, principalOf(auth), {
      core: this.#core,
      store: this.#store,
      options: this.#options,
      ended: (session) => {
        leave();
        this.#forget(session);
      },
    });
  }

  /** Makes a session known: from here on its id is good. Rejects if its record cannot be stored. */
  async mint(session: LegacySession, opening: JsonRpcRequest): Promise<void> {
    this.#leaveTopic ??= this.#store.subscribe(ENDED, (id) => this.#live.get(id)?.end({ by: 'remote' }));
    await Promise.all([this.#leaveTopic, this.#records.write(session, opening)]);
    if (session.ended) return this.#records.delete(session, ENDED);
    this.#live.set(session.id, session);
    this.#idle.add(session);
    this.#unready.add(session);
  }

  /** The client said that it is initialized. */
  confirm(session: LegacySession): void {
    this.#unready.delete(session);
    this.#records.confirm(session);
  }

  /** The session of this id, if this is its owner. Rejects when the store does not answer: that is no reason to forget a session. */
  find(
    id: string,
    auth: AuthInfo | undefined,
  ): LegacySession | NoSession | Promise<LegacySession | NoSession> {
    const session = this.#live.get(id);
    if (!session) return SESSION_ID.test(id) ? this.#revive(id, auth) : 404;
    if (session.principal !== principalOf(auth)) return 404;
    this.#idle.add(session);
    this.#records.refresh(session);
    return session;
  }

  /** Lets clients go from what would not end on its own. */
  drain(): void {
    for (const session of this.#live.values()) session.drain();
  }

  /** Ends every session in this process. Their records stay, for whoever continues them. */
  close(): void {
    for (const session of this.#live.values()) session.end({ by: 'local' });
    this.#idle.clear();
    this.#unready.clear();
    this.#leaveTopic?.then((leave) => leave()).catch(this.#core.host.onError);
  }

  /** Continues a session that this process does not have. Requests that come at once wait for the same one. */
  async #revive(id: string, auth: AuthInfo | undefined): Promise<LegacySession | NoSession> {
    const key = `${id} ${principalOf(auth)}`;
    const reviving = this.#reviving.get(key) ?? this.#reviveOnce(id, auth);
    this.#reviving.set(key, reviving);
    try {
      return await reviving;
    } finally {
      this.#reviving.delete(key);
    }
  }

  async #reviveOnce(id: string, auth: AuthInfo | undefined): Promise<LegacySession | NoSession> {
    const record = await readRecord(this.#store, id);
    if (record?.principal !== principalOf(auth)) return 404;
    const session = this.create(auth, id);
    if (typeof session === 'number') return session;
    if (!(await revive(session, record, this.#core.acceptor))) {
      session.end({ by: 'local' });
      return 404;
    }
    this.#live.set(id, session);
    this.#idle.add(session);
    if (!record.ready) this.#unready.add(session);
    this.#records.adopt(session);
    return session;
  }

  #rest(session: LegacySession): void {
    if (session.busy) return this.#idle.add(session);
    this.#records.retire(session);
    session.end({ by: 'local' });
  }

  #forget(session: LegacySession): void {
    this.#idle.delete(session);
    this.#unready.delete(session);
    this.#live.delete(session.id);
    if (this.#core.host.draining) this.#records.release(session);
    else this.#records.delete(session, ENDED);
  }
}

const ENDED = 'mcp:session-ended';
const SESSION_ID = /^[\x21-\x7e]{1,128}$/;
