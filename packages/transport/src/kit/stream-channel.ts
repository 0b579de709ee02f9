import type { Channel, ChannelEvents } from './channel.ts';
import { linkClosed } from './outbox.ts';

/** A stream in each direction. */
export interface DuplexStreams<T> {
  readonly readable: ReadableStream<T>;
  readonly writable: WritableStream<T>;
}

/** How the chunks of two streams become frames, and frames chunks. */
export interface ChunkCodec<T> {
  /** Called once; the result takes every chunk, and the end of the stream. */
  decoder(events: ChannelEvents): { readonly push: (chunk: T) => void; readonly end?: () => void };
  encode(frame: string): T;
  /** How long closing waits for a peer that does not read, in milliseconds. */
  readonly graceMs: number;
}

/** A channel over two web streams, which it owns from now on. */
export function streamChannel<T>({ readable, writable }: DuplexStreams<T>, codec: ChunkCodec<T>): Channel {
  const reader = readable.getReader();
  const writer = writable.getWriter();
  const gate: Gate = { wait: undefined, open() {} };

  async function pump(push: (chunk: T) => void): Promise<void> {
    for (;;) {
      while (gate.wait) await gate.wait;
      const { done, value } = await reader.read();
      if (done) return;
      push(value);
    }
  }

  return {
    async open(events) {
      const { push, end } = codec.decoder(events);
      const over = (cause?: unknown): void => events.closed(cause as Error | undefined);
      pump(push).then(end).then(over, over);
      writer.closed.catch(over);
    },
    write(frame) {
      writer.write(codec.encode(frame)).catch(toldByClosed);
      if ((writer.desiredSize ?? 0) > 0) return undefined;
      return writer.ready.catch((cause: unknown) => Promise.reject(linkClosed(cause as Error)));
    },
    pause() {
      gate.wait ??= new Promise((resolve) => (gate.open = resolve));
    },
    resume() {
      gate.wait = undefined;
      gate.open();
    },
    async close() {
      this.resume();
      const flushed = writer.close().catch(toldByClosed);
      // A peer whose writing is cut off hears nothing more, so what is on the way to it goes first.
      const released = flushed.then(() => reader.cancel()).catch(toldByClosed);
      if (await settles(released, codec.graceMs)) return;
      writer.abort().catch(toldByClosed);
      reader.cancel().catch(toldByClosed);
    },
  };
}

/** What reading waits for while it is paused. */
interface Gate {
  wait: Promise<void> | undefined;
  open: () => void;
}

async function settles(promise: Promise<unknown>, withinMs: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(resolve, withinMs, false)));
  const settled = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return settled;
}

/** The streams' own ends say the same. */
function toldByClosed(): void {}
