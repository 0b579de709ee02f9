import type { Writable } from 'node:stream';
import { TransportError } from '@trunkline/transport';

/** Less than this waiting, in UTF-16 units, is room for more. */
const ROOM = 1024 * 1024;

/** Writes frames to a stream, one a line. */
export interface LineWriter {
  /**
   * Takes a frame; the frames of one tick leave in one write. Returns nothing while there is room, else a promise that
   * settles when there is room again, or rejects when the stream takes nothing any more.
   */
  readonly write: (frame: string) => Promise<void> | void;
  /** Resolves when nothing waits any more, or after `ms`. */
  readonly flush: (ms: number) => Promise<void>;
  /** Lets go of a stream that outlives the writer. A broken one is still kept from crashing the process. */
  readonly release: () => void;
}

/** How a {@link lineWriter} writes. */
export interface LineWriterOptions {
  /** Called once, when the stream takes nothing any more; what it took last may be lost. */
  readonly failed: (error: TransportError) => void;
  /** The real write function of the stream, where the stream's own is guarded. */
  readonly put?: (text: string, written: (error?: Error | null) => void) => void;
}

/** Guarantees that what it promised settles from the write callback or the end of the stream, whichever comes first. */
export function lineWriter(stream: Writable, options: LineWriterOptions): LineWriter {
  const { put = (text, done) => stream.write(text, done) } = options;
  let frames = '';
  let waiting = 0;
  let room: Deferred | undefined;
  let empty: Deferred | undefined;
  let failure: TransportError | undefined;

  function write(frame: string): Promise<void> | void {
    if (failure) return Promise.reject(failure);
    if (frames === '') process.nextTick(writeTick);
    frames += `${frame}\n`;
    waiting += frame.length + 1;
    if (waiting < ROOM) return undefined;
    room ??= deferred();
    return room.promise;
  }

  function writeTick(): void {
    const text = frames;
    frames = '';
    if (text !== '' && !failure) put(text, (error) => (error ? fail(error) : written(text.length)));
  }

  function written(length: number): void {
    waiting -= length;
    if (room && waiting < ROOM) {
      room.resolve();
      room = undefined;
    }
    if (waiting === 0) empty?.resolve();
  }

  function fail(cause?: Error): void {
    if (failure) return;
    failure = new TransportError(
      'not-sent',
      `the peer stopped reading${codeOf(cause)}`,
      cause ? { cause } : {},
    );
    const unsure = { cause: failure, delivery: 'unknown' } as const;
    room?.reject(new TransportError('closed', 'the peer stopped reading while this was written', unsure));
    empty?.resolve();
    options.failed(failure);
  }

  const onClose = (): void => fail();
  stream.on('error', fail);
  stream.on('close', onClose);
  return {
    write,
    flush(ms) {
      writeTick();
      if (waiting === 0 || failure) return Promise.resolve();
      empty ??= deferred();
      const timer = setTimeout(empty.resolve, ms);
      return empty.promise.finally(() => clearTimeout(timer));
    },
    release() {
      if (!failure) stream.off('error', fail).off('close', onClose);
    },
  };
}

interface Deferred {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

function deferred(): Deferred {
  let settle!: Omit<Deferred, 'promise'>;
  const promise = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  return { promise, ...settle };
}

function codeOf(cause: Error | undefined): string {
  return cause && 'code' in cause ? ` (${String(cause.code)})` : '';
}
