import type { JsonObject } from '@trunkline/protocol';
import { channelTransport, type Acceptor, type ChannelEvents, type Transport } from '@trunkline/transport';
import { within } from './within.ts';

/** A message as it was on the wire, loosely typed because anybody may have sent anything. */
export type Frame = JsonObject & {
  readonly id?: string | number | null;
  readonly method?: string;
  readonly params?: JsonObject;
  readonly result?: JsonObject;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly data?: JsonObject;
  } & JsonObject;
};

/** A connection on which a test may say anything, byte by byte. */
export interface RawConnection {
  /** Says a frame exactly as it is; a binding that ends its frames does so. */
  send(frame: string | Uint8Array): void;
  /** Everything that was heard, in order. */
  readonly heard: readonly Frame[];
  /** The first frame behind those returned before that matches; fails after 2 s. */
  next(what: string, matches: (frame: Frame) => boolean): Promise<Frame>;
  /** Resolves when the other side has ended the connection. */
  readonly ended: Promise<unknown>;
  close(): Promise<void>;
}

/** Remembers what was heard, and finds what is waited for. */
export class Hearing {
  readonly heard: Frame[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #onFrame: (frame: Frame) => void;
  #at = 0;

  constructor(onFrame: (frame: Frame) => void = () => {}) {
    this.#onFrame = onFrame;
  }

  take(frame: string): void {
    const parsed = JSON.parse(frame) as Frame;
    this.heard.push(parsed);
    this.#onFrame(parsed);
    for (const look of this.#waiting) look();
  }

  next(what: string, matches: (frame: Frame) => boolean): Promise<Frame> {
    const found = new Promise<Frame>((resolve) => {
      const look = (): void => {
        const index = this.heard.findIndex((frame, at) => at >= this.#at && matches(frame));
        if (index === -1) return;
        this.#at = index + 1;
        this.#waiting.delete(look);
        resolve(this.heard[index] as Frame);
      };
      this.#waiting.add(look);
      look();
    });
    return within(found, () => `${what}; heard ${JSON.stringify(this.heard.slice(this.#at)).slice(0, 1000)}`);
  }
}

/** The near end of a link in this process, which a test holds, and the far end for what is tested. */
export interface RawLink extends RawConnection {
  readonly far: Transport;
}

/** A link in this process whose frames are texts, and whose near end may say any text. `onFrame` hears what it is told. */
export function rawLink(onFrame?: (frame: Frame) => void): RawLink {
  const hearing = new Hearing(onFrame);
  let events: ChannelEvents | undefined;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const far = channelTransport(
    { name: 'memory', lanes: 'shared' },
    {
      async open(given) {
        events = given;
      },
      write: (frame) => hearing.take(frame),
      pause() {},
      resume() {},
      close: async () => end(),
    },
  );
  return {
    far,
    heard: hearing.heard,
    next: (what, matches) => hearing.next(what, matches),
    ended,
    send(frame) {
      if (typeof frame !== 'string') throw new Error('a frame in memory is a text');
      events?.frame(frame);
    },
    close: async () => events?.closed(),
  };
}

/** A raw link to a server in this process. */
export async function connectRaw(acceptor: Acceptor): Promise<RawConnection> {
  const link = rawLink();
  await acceptor.link(link.far);
  return link;
}
