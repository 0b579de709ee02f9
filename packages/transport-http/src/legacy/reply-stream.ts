import type { EventStream, HttpCall } from '@trunkline/http-host';
import { SENT } from '../server/answers.ts';
import type { Core } from '../server/core.ts';
import { encodeEventId } from './event-id.ts';
import type { EventLog } from './event-log.ts';

/** What a stream needs of its session. */
export interface StreamHome {
  readonly core: Core;
  /** Where events are stored before they are sent; absent where nothing can be repeated. */
  readonly log: EventLog | undefined;
  /** Whether streams begin with an event that says nothing but its id, so that they can be taken up from the start. */
  readonly primes: boolean;
}

/**
 * One stream over however many connections, one at a time. Each event is stored before it is sent, in order; while no client
 * is connected it is only stored. https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#resumability-and-redelivery
 */
export class ReplyStream {
  readonly tag: string;
  readonly #home: StreamHome;
  #connection: EventStream | undefined;
  #connecting = false;
  #last = 0;
  #over = false;
  /** Everything is done one after the other. */
  #tail: Promise<unknown> = SENT;

  constructor(tag: string, home: StreamHome) {
    this.tag = tag;
    this.#home = home;
  }

  /** Whether a client is reading, or about to. */
  get connected(): boolean {
    return this.#connecting || this.#connection !== undefined;
  }

  /** Whether nothing more will be said. */
  get finished(): boolean {
    return this.#over;
  }

  /** Answers a call with this stream from now on. */
  connect(call: HttpCall): void {
    this.#attach(call);
    if (this.#home.primes) void this.#store('').catch(() => {});
  }

  /** Resolves when the event is stored, and the client, if there is one, has room for more. Rejects when it cannot be stored. */
  send(text: string): Promise<void> {
    if (!this.#home.log) return this.#connection?.send({ event: 'message', data: text }) ?? SENT;
    return this.#store(text);
  }

  /** Lets the client go, which may come back after `retry` milliseconds. */
  release(retry: number | undefined): void {
    void this.#next(async () => {
      if (retry !== undefined) await this.#connection?.send({ retry });
      this.#disconnect();
    });
  }

  /** Nothing follows what was sent. */
  end(): void {
    void this.#next(async () => {
      this.#over = true;
      this.#disconnect();
    });
  }

  /** Tells a client that is connected something that nobody can repeat. */
  tell(text: string): void {
    void this.#connection?.send({ event: 'message', data: text });
  }

  /** Ends at once, with whatever waits unsent. */
  abandon(): void {
    this.#over = true;
    this.#disconnect();
  }

  /** Continues after an event that the client has, on a new connection. */
  resume(call: HttpCall, cursor: number): Promise<void> {
    if (this.connected)
      return Promise.resolve(call.refuse(409, 'this stream is being read by another connection'));
    this.#connecting = true;
    return this.#next(async () => {
      try {
        await this.#replay(call, cursor);
      } finally {
        this.#connecting = false;
      }
    });
  }

  async #replay(call: HttpCall, cursor: number): Promise<void> {
    const missed = await this.#home.log?.readAfter(this.tag, cursor);
    const upToDate = cursor === this.#last;
    if (!missed && !upToDate) return call.refuse(410, 'some of what came after this event is no longer kept');
    this.#attach(call);
    for (const { cursor: at, text } of missed ?? []) await this.#write(at, text);
    if (this.#over) this.#disconnect();
  }

  #store(text: string): Promise<void> {
    return this.#next(async () => {
      if (this.#over) return;
      const cursor = (await this.#home.log?.append(this.tag, this.#last, text)) ?? 0;
      this.#last = cursor;
      await this.#write(cursor, text);
    });
  }

  async #write(cursor: number, data: string): Promise<void> {
    const id = encodeEventId({ stream: this.tag, cursor });
    await this.#connection?.send(data === '' ? { id, data } : { event: 'message', id, data });
  }

  #attach(call: HttpCall): void {
    const connection = this.#home.core.streams.open(call);
    this.#connection = connection;
    call.onGone(() => {
      if (this.#connection === connection) this.#connection = undefined;
    });
  }

  #disconnect(): void {
    this.#connection?.end();
    this.#connection = undefined;
  }

  #next(step: () => Promise<void>): Promise<void> {
    const done = this.#tail.then(step);
    this.#tail = done.catch(() => {});
    return done;
  }
}
