import type { JsonRpcMessage } from '@trunkline/protocol';
import type { Receiver, Transport } from '@trunkline/transport';
import { Collector, echo } from './collector.ts';
import type { Capabilities, Link, Setup } from './link.ts';

/** A link whose near end is started, and what that end received. */
export interface LiveLink {
  readonly link: Link;
  readonly near: Transport;
  readonly received: Collector;
}

/** What a case works with: it makes the links of the case, waits with a limit, and releases what it made. */
export class Bench {
  readonly can: Capabilities;
  /** Messages of a case about volume. */
  readonly volume: number;
  readonly #patience: number;
  readonly #setup: Setup;
  readonly #links: Link[] = [];

  constructor(setup: Setup, can: Capabilities) {
    this.can = can;
    this.volume = can.volume ?? 10_000;
    this.#patience = can.patience ?? 2000;
    this.#setup = setup;
  }

  /** A fresh link. */
  async link(): Promise<Link> {
    const link = await this.#setup();
    this.#links.push(link);
    return withQuietSends(link);
  }

  /** A fresh link that is up. The far side echoes unless it is told what to do. */
  async live(
    far: Receiver['message'] | Receiver = echo,
    received: Collector = new Collector(),
  ): Promise<LiveLink> {
    const link = await this.link();
    await link.accept(typeof far === 'function' ? { message: far } : far);
    await this.within(link.near.start(received), 'start()');
    return { link, near: link.near, received };
  }

  /** What a promise that must settle in time settles with. */
  async within<T>(promise: Promise<T>, what: string): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${what}: nothing after ${this.#patience} ms`)),
        this.#patience,
      );
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until a receiver was told enough. */
  async until(received: Collector, what: string, enough: () => boolean): Promise<void> {
    await this.within(received.until(enough), what);
  }

  /** The messages of a receiver, once so many came. */
  async messages(received: Collector, count: number): Promise<readonly JsonRpcMessage[]> {
    await this.until(received, `message ${count}`, () => received.messages.length >= count);
    return received.messages;
  }

  /** Lets pass the time in which what must not happen would happen. */
  async quiet(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, this.#patience / 20));
  }

  /** Tells whether a promise is still pending when that time is over. */
  async stalls(promise: Promise<unknown>): Promise<boolean> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<true>((resolve) => (timer = setTimeout(resolve, this.#patience / 20, true)));
    const settled = promise.then(
      () => false,
      () => false,
    );
    const stalled = await Promise.race([settled, late]);
    clearTimeout(timer);
    return stalled;
  }

  /** Closes every link of the case. */
  async release(): Promise<void> {
    for (const link of this.#links) {
      await this.within(link.near.close(), 'close() after the case').catch(() => undefined);
      await link.release?.();
    }
  }
}

/** A case that fails leaves its sends alone: what becomes of them then is no failure of the program. */
function withQuietSends(link: Link): Link {
  const { near } = link;
  const quiet: Transport = {
    binding: near.binding,
    closed: near.closed,
    start: (receiver) => near.start(receiver),
    send(message, options) {
      const sending = near.send(message, options);
      sending.catch(() => {});
      return sending;
    },
    close: (cause) => near.close(cause),
  };
  return {
    near: quiet,
    accept: (receiver) => link.accept(receiver),
    sever: () => link.sever?.(),
    inject: (raw) => link.inject?.(raw),
    release: () => link.release?.(),
  };
}
