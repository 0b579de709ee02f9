import type { Channel } from './channel.ts';
import { lineDecoder } from './lines.ts';

/** A stream of bytes in each direction, as sockets, pipes and workers have them. */
export interface ByteStreams {
  readonly readable: ReadableStream<Uint8Array>;
  readonly writable: WritableStream<Uint8Array>;
}

/** What {@link lineChannel} may be told. */
export interface LineChannelOptions {
  /** Longest line that is read, in bytes; 10 MiB unless said. A longer one is skipped and reported. */
  readonly maxBytes?: number;
  /** How long closing waits for a peer that does not read, in milliseconds; 250 unless said. */
  readonly graceMs?: number;
}

/** A channel of newline-delimited frames over two byte streams, which it owns from now on. */
export function lineChannel(streams: ByteStreams, options: LineChannelOptions = {}): Channel {
  const { maxBytes = 10 * 1024 * 1024, graceMs = 250 } = options;
  const reader = streams.readable.getReader();
  const writer = streams.writable.getWriter();
  const encoder = new TextEncoder();
  const gate: Gate = { wait: undefined, open() {} };

  async function pump(push: (chunk: Uint8Array) => void): Promise<void> {
    for (;;) {
      while (gate.wait) await gate.wait;
      const { done, value } = await reader.read();
      if (done) return;
      push(value);
    }
  }

  return {
    async open(events) {
      const lines = lineDecoder({ onLine: events.frame, onFault: events.fault, maxBytes });
      const over = (cause?: unknown): void => events.closed(cause as Error | undefined);
      pump(lines.push).then(lines.end).then(over, over);
      writer.closed.catch(over);
    },
    write(frame) {
      writer.write(encoder.encode(`${frame}\n`)).catch(toldByClosed);
      return (writer.desiredSize ?? 0) > 0 ? undefined : writer.ready;
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
      const released = Promise.allSettled([reader.cancel(), writer.close()]);
      if (!(await settles(released, graceMs))) writer.abort().catch(toldByClosed);
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

/** `writer.closed` rejects with the same error. */
function toldByClosed(): void {}
