import { oversized, TransportError } from '@trunkline/transport';

/** Within what a body is read. */
export interface ReadLimits {
  /** Bytes after decompression: of the whole body, or of one event where it is a stream. */
  readonly maxBytes: number;
  /** Stops reading and closes the body. */
  readonly signal: AbortSignal;
  /** Milliseconds without a byte after which the connection counts as broken. */
  readonly idleTimeout?: number | undefined;
}

/** What kind of body a response has. */
export function bodyKind(response: Response): 'json' | 'stream' | 'other' {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'stream' : 'other';
}

/** Reads a body whole. Rejects with `too-large`, `malformed`, `stream-ended`, or the signal's reason. */
export async function readText(response: Response, limits: ReadLimits): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  await eachChunk(response, limits, (chunk) => {
    size += chunk.byteLength;
    if (size > limits.maxBytes) throw oversized(text, limits.maxBytes);
    text += decode(decoder, chunk);
  });
  return text + decode(decoder);
}

/**
 * Hands over a body piece by piece, waiting where that takes time. Whatever ends it early closes the connection. Rejects
 * with `stream-ended` for a connection that broke or fell silent, with the signal's reason, or with what `take` threw.
 */
export async function eachChunk(
  response: Response,
  { signal, idleTimeout = Infinity }: ReadLimits,
  take: (chunk: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return;
  // A reader that is cancelled answers at once, also when its source does not listen to the signal.
  const cancel = (): void => void reader.cancel().catch(ignore);
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await nextChunk(reader, idleTimeout);
      if (done) break;
      await take(value);
    }
    signal.throwIfAborted();
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Lets go of a body that nobody reads. A short one is read all the same, which leaves its connection in use. */
export function discard(response: Response): void {
  const length = response.headers.get('content-length');
  const gone = length !== null && Number(length) <= SHORT ? response.arrayBuffer() : response.body?.cancel();
  gone?.catch(ignore);
}

const SHORT = 16 * 1024;

type Chunk = Awaited<ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']>>;

async function nextChunk(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  idleTimeout: number,
): Promise<Chunk> {
  let silent = false;
  const timer =
    idleTimeout === Infinity
      ? undefined
      : setTimeout(() => {
          silent = true;
          reader.cancel().catch(ignore);
        }, idleTimeout);
  const chunk = await reader.read().catch((cause: unknown) => broken(cause, timer));
  clearTimeout(timer);
  if (silent) throw new TransportError('stream-ended', `not a byte came for ${idleTimeout} ms`);
  return chunk;
}

function broken(cause: unknown, timer: ReturnType<typeof setTimeout> | undefined): never {
  clearTimeout(timer);
  throw new TransportError('stream-ended', 'the connection broke while an answer was read', { cause });
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new TransportError('malformed', 'an answer that is not UTF-8', { cause });
  }
}

function ignore(): void {}
