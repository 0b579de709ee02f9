import type { LoggingLevel } from '@trunkline/protocol';
import { callListener } from './call-listener.ts';
import type { ClientLink } from './client-link.ts';
import type { Clock } from './clock.ts';
import { untilAborted } from './on-abort.ts';
import { pause } from './pause.ts';
import { attemptsOf, pauseAfter, type ReconnectOptions } from './reconnect.ts';
import { SessionError } from './session-error.ts';
import { watchWaking } from './waking.ts';

/** Opens a link to the server that a client was connected to. */
export type Redial = (signal: AbortSignal | undefined) => Promise<ClientLink>;

/**
 * What has become of a client's link: `open`; `lost` (the next call opens a new one, if the client was connected by a dial);
 * `reopening`; `closed` for good.
 */
export type ClientStatus = 'open' | 'lost' | 'reopening' | 'closed';

/** Hears every change of status, and what brought it about. */
export type StatusListener = (status: ClientStatus, cause?: Error) => void;

/** What a {@link LinkKeeper} needs. */
export interface LinkKeeping {
  readonly redial: Redial | undefined;
  readonly reconnect: ReconnectOptions | undefined;
  readonly clock: Clock;
  readonly onError: (error: unknown) => void;
}

/** Milliseconds that a server has to show that it is there after this process slept. */
const WAKE_TIMEOUT = 5_000;

/**
 * Keeps one link open: what was lost is opened anew, once however many calls wait for it. With `reconnect` that happens at
 * once and again after growing pauses, else when the next call needs it.
 */
export class LinkKeeper {
  readonly #keeping: LinkKeeping;
  readonly #listeners = new Set<StatusListener>();
  readonly #closing = new AbortController();
  readonly #stopWatching: () => void;
  #link: ClientLink;
  #lost = false;
  #status: ClientStatus = 'open';
  #reopening: Promise<ClientLink> | undefined;
  #logLevel: LoggingLevel | undefined;

  constructor(link: ClientLink, keeping: LinkKeeping) {
    this.#keeping = keeping;
    this.#link = this.#watched(link);
    const slept = keeping.reconnect && keeping.redial;
    this.#stopWatching = slept ? watchWaking(keeping.clock, () => void this.#check()) : () => {};
  }

  /** The link that was opened last, lost or not. */
  get link(): ClientLink {
    return this.#link;
  }

  get status(): ClientStatus {
    return this.#status;
  }

  /** Whether a lost link is opened anew without a call. */
  get persists(): boolean {
    return this.#keeping.redial !== undefined && this.#keeping.reconnect !== undefined;
  }

  /** Aborted when the client is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Calls the listener at every change from now on, until the returned function is called. */
  onStatus(listener: StatusListener): () => void {
    const own: StatusListener = (status, cause) => listener(status, cause);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  /** The open link; where it was lost, what the next attempt to open one comes to. */
  current(signal?: AbortSignal): Promise<ClientLink> {
    if (!this.#lost || !this.#keeping.redial || this.closing.aborted) return Promise.resolve(this.#link);
    return untilAborted(this.#reopening ?? this.#reopen(this.#keeping.redial, 0, 0), signal);
  }

  /** The open link, waiting for as many attempts as are made. */
  async persistently(signal: AbortSignal): Promise<ClientLink> {
    for (;;) {
      try {
        return await this.current(signal);
      } catch (error) {
        if (!this.#reopening || signal.aborted || this.closing.aborted) throw error;
      }
    }
  }

  /** Waits as long as after so many failures one after the other. */
  pause(failures: number, signal: AbortSignal): Promise<void> {
    const { clock, reconnect = {} } = this.#keeping;
    return pause(clock, pauseAfter(failures, reconnect), signal);
  }

  /** The server no longer knows what was agreed on over this link. Tells whether a new one can be opened. */
  forget(link: ClientLink, cause: Error): boolean {
    if (!this.#keeping.redial) return false;
    if (link === this.#link) this.#lose(cause);
    return true;
  }

  /** Asks for log messages over this link and those to come. */
  setLogLevel(level: LoggingLevel): Promise<void> {
    this.#logLevel = level;
    return this.#link.era.setLogLevel(this.#link, level);
  }

  /** Closes for good. Idempotent, never rejects. */
  async close(): Promise<void> {
    this.#stopWatching();
    this.#closing.abort(new SessionError('link-lost', 'the client was closed'));
    this.#tell('closed');
    this.#listeners.clear();
    await this.#link.peer.close();
    await this.#reopening?.then(
      (link) => link.peer.close(),
      () => {},
    );
  }

  #watched(link: ClientLink): ClientLink {
    void link.peer.transport.closed.then(({ cause }) => link === this.#link && this.#lose(cause));
    return link;
  }

  #lose(cause: Error | undefined): void {
    if (this.#lost || this.closing.aborted) return;
    this.#lost = true;
    this.#tell('lost', cause);
    const { redial, reconnect } = this.#keeping;
    if (redial && reconnect && attemptsOf(reconnect) > 0)
      void this.#reopen(redial, 0, pauseAfter(0, reconnect));
  }

  #reopen(redial: Redial, failures: number, delay: number): Promise<ClientLink> {
    const attempt = this.#attempt(redial, delay).catch((error: unknown) => {
      this.#reopening = undefined;
      this.#failed(redial, failures + 1, error as Error);
      throw error;
    });
    // Nobody may be waiting for it.
    attempt.catch(() => {});
    this.#reopening = attempt;
    this.#tell('reopening');
    return attempt;
  }

  async #attempt(redial: Redial, delay: number): Promise<ClientLink> {
    if (delay > 0) await pause(this.#keeping.clock, delay, this.closing);
    const link = await redial(this.closing);
    this.#reopening = undefined;
    this.#lost = false;
    this.#link = this.#watched(link);
    if (this.closing.aborted) await link.peer.close();
    if (this.#logLevel) link.era.setLogLevel(link, this.#logLevel).catch(this.#keeping.onError);
    this.#tell('open');
    return link;
  }

  #failed(redial: Redial, failures: number, cause: Error): void {
    if (this.closing.aborted) return;
    const { reconnect } = this.#keeping;
    if (reconnect && failures < attemptsOf(reconnect))
      void this.#reopen(redial, failures, pauseAfter(failures, reconnect));
    else this.#tell('lost', cause);
  }

  /** A link that outlived a sleep may be dead without anybody having said so. */
  async #check(): Promise<void> {
    const link = this.#link;
    if (this.#lost || this.closing.aborted) return;
    try {
      await link.call(link.era.ping, {}, { timeout: WAKE_TIMEOUT });
    } catch (error) {
      const silent = error instanceof SessionError && error.code === 'timed-out';
      if (silent && link === this.#link) {
        const cause = new SessionError('link-lost', 'the server did not answer after this process slept');
        this.#lose(cause);
        await link.peer.close(cause);
      }
    }
  }

  #tell(status: ClientStatus, cause?: Error): void {
    if (this.#status === 'closed' || this.#status === status) return;
    this.#status = status;
    for (const listener of this.#listeners)
      callListener(() => listener(status, cause), this.#keeping.onError);
  }
}
