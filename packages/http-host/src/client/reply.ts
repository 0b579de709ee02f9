import { decodeFrame, oversized, TransportError, type DecodeLimits } from '@trunkline/transport';
import { sseDecoder } from '@trunkline/sse-codec';
import type { JsonRpcMessage } from '@trunkline/protocol';

/** Where the messages of one reply go. */
export interface ReplySink {
  /** One message, in order. A returned promise asks to read no further until it settles. */
  message(message: JsonRpcMessage): void | Promise<void>;
  /** Something in the stream that is no message; what follows it is read all the same. */
  fault(error: TransportError): void;
  /** Whether an event with this id was delivered before. */
  knows?(id: string): boolean;
  /** The id of an event that was delivered. */
  delivered?(id: string): void;
  /** How many milliseconds the server wants to be left alone before the stream is taken up again. */
  retry?(milliseconds: number): void;
}

/** What kind of body a response has. */
export function bodyKind(response: Response): 'json' | 'stream' | 'other' {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'application/json') return 'json';
  return type === 'text/event-stream' ? 'stream' : 'other';
}

/** Reads a body whole. Rejects with `too-large`, `malformed` or `stream-ended`. */
export async function readText(response: Response, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let size = 0;
  for await (const chunk of chunksOf(response)) {
    size += chunk.byteLength;
    if (size > maxBytes) throw oversized(text, maxBytes);
    text += decode(decoder, chunk);
  }
  return text + decode(decoder);
}

/** Reads a JSON body as messages. Throws what {@link readText} throws, and `malformed` for what is no message. */
export async function readJson(
  response: Response,
  limits: DecodeLimits & { maxBytes: number },
  sink: ReplySink,
): Promise<void> {
  const decoded = decodeFrame(await readText(response, limits.maxBytes), limits);
  if (decoded instanceof TransportError) throw decoded;
  for (const message of Array.isArray(decoded) ? decoded : [decoded]) await sink.message(message);
}

/** Reads an event stream to its end. Rejects with `too-large` or `stream-ended`. https://html.spec.whatwg.org/multipage/server-sent-events.html */
export async function readStream(response: Response, maxBytes: number, sink: ReplySink): Promise<void> {
  const pending: (() => void | Promise<void>)[] = [];
  const events = sseDecoder({
    maxEventLength: maxBytes,
    onEvent: (event) => pending.push(() => deliver(event, maxBytes, sink)),
    onRetry: (milliseconds) => sink.retry?.(milliseconds),
  });
  const decoder = new TextDecoder('utf-8', { ignoreBOM: false });
  for await (const chunk of chunksOf(response)) {
    events.push(decoder.decode(chunk, { stream: true }));
    for (const next of pending.splice(0)) await next();
  }
  events.end();
  for (const next of pending.splice(0)) await next();
}

interface StreamEvent {
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  readonly data: string;
}

async function deliver({ event, id, data }: StreamEvent, maxBytes: number, sink: ReplySink): Promise<void> {
  if (id !== undefined && sink.knows?.(id)) return;
  if (data !== '' && (event === undefined || event === 'message')) {
    const decoded = decodeFrame(data, { maxLength: maxBytes });
    if (decoded instanceof TransportError) sink.fault(decoded);
    else for (const message of Array.isArray(decoded) ? decoded : [decoded]) await sink.message(message);
  }
  if (id !== undefined) sink.delivered?.(id);
}

/** The chunks of a body; a connection that breaks is `stream-ended`, and whoever stops early closes it. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array, void, undefined> {
  if (!response.body) return;
  const reader = response.body.getReader();
  let done = false;
  try {
    for (;;) {
      const next = await reader.read();
      done = next.done;
      if (next.done) return;
      yield next.value;
    }
  } catch (cause) {
    done = true;
    throw new TransportError('stream-ended', 'the connection broke while an answer was read', { cause });
  } finally {
    if (!done) await reader.cancel().catch(() => {});
  }
}

function decode(decoder: TextDecoder, chunk?: Uint8Array): string {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch (cause) {
    throw new TransportError('malformed', 'an answer that is not UTF-8', { cause });
  }
}
