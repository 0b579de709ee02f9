import { lineChannel, type Channel } from '@trunkline/transport';

/** Two channels that are joined, and what can befall them. */
export interface Wire {
  readonly near: Channel;
  readonly far: Channel;
  /** Breaks the wire, both ways. */
  readonly cut: () => void;
}

/** Longest message that a wire carries, in bytes. */
export const WIRE_LIMIT: number = 2 * 1024 * 1024;

export function wire(maxBytes: number = WIRE_LIMIT): Wire {
  const up = new BreakableStream();
  const down = new BreakableStream();
  const options = { maxBytes, graceMs: 50 };
  return {
    near: lineChannel({ readable: down.readable, writable: up.writable }, options),
    far: lineChannel({ readable: up.readable, writable: down.writable }, options),
    cut() {
      up.break();
      down.break();
    },
  };
}

class BreakableStream extends TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  readonly break: () => void;

  constructor() {
    let controller: TransformStreamDefaultController | undefined;
    super({ start: (made) => void (controller = made) });
    this.break = () => controller?.error(new Error('the wire is cut'));
  }
}
