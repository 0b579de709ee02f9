import type { Channel, ChannelEvents } from '../channel.ts';

/** A channel in the hands of a test: what was written, and levers for everything a channel may do. */
export class ManualChannel implements Channel {
  readonly written: string[] = [];
  readonly calls: string[] = [];
  events!: ChannelEvents;
  /** What `open` waits for. */
  opening: Promise<void> = Promise.resolve();
  /** What `write` returns. */
  room: Promise<void> | undefined;

  async open(events: ChannelEvents): Promise<void> {
    this.events = events;
    await this.opening;
  }

  write(frame: string): Promise<void> | void {
    this.written.push(frame);
    return this.room;
  }

  pause(): void {
    this.calls.push('pause');
  }

  resume(): void {
    this.calls.push('resume');
  }

  async close(): Promise<void> {
    this.calls.push('close');
  }

  /** Lets a message come in. */
  bring(message: unknown): void {
    this.events.frame(JSON.stringify(message));
  }
}

/** A promise and its levers. */
export interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export function deferred(): Deferred {
  let levers: Omit<Deferred, 'promise'> | undefined;
  const promise = new Promise<void>((resolve, reject) => (levers = { resolve, reject }));
  if (!levers) throw new Error('unreachable');
  return { promise, ...levers };
}
