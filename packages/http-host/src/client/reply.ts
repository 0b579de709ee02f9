import type { JsonRpcMessage } from '@trunkline/protocol';
import { sseDecoder, type SseEvent } from '@trunkline/sse-codec';
import { decodeFrame, TransportError, type DecodeLimits } from '@trunkline/transport';
import { abortable } from './abortable.ts';
import { eachChunk, readText, type ReadLimits } from './body.ts';

/** Within what a reply is read. */
export interface ReplyLimits extends ReadLimits {
  /** What one message may hold, beside its bytes. */
  readonly message?: DecodeLimits | undefined;
}

/** Where the messages of one reply go. */
export interface ReplySink {
  /** One message, in order. A returned promise asks to read no further until it settles. */
  message(message: JsonRpcMessage): void | Promise<void>;
  /** Something that is no message; what follows it is read all the same. */
  fault(error: TransportError): void;
  /** Whether an event with this id was delivered before. */
  knows?(id: string): boolean;
  /** The id of an event that was delivered. */
  delivered?(id: string): void;
  /** How many milliseconds the server wants to be left alone before the stream is taken up again. */
  retry?(milliseconds: number): void;
}

/** Reads a JSON body. Rejects as {@link readText} does; what is no message is a fault. */
export async function readJson(response: Response, limits: ReplyLimits, sink: ReplySink): Promise<void> {
  await deliver(await readText(response, limits), limits, sink);
}

/** Where the events of one stream go. */
export interface EventSink {
  /** One event, in order. A returned promise asks to read no further until it settles. */
  event(event: SseEvent): void | Promise<void>;
  /** How many milliseconds the server wants to be left alone before the stream is taken up again. */
  retry?(milliseconds: number): void;
}

/**
 * Reads the messages of an event stream to its end. Rejects with `too-large`, `stream-ended`, or the signal's reason.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function readStream(response: Response, limits: ReplyLimits, sink: ReplySink): Promise<void> {
  return readEvents(response, limits, {
    event: (event) => take(event, limits, sink),
    retry: (milliseconds) => sink.retry?.(milliseconds),
  });
}

/** Reads any event stream to its end, whatever its events are. Rejects as {@link readStream} does. */
export async function readEvents(response: Response, limits: ReadLimits, sink: EventSink): Promise<void> {
  const pending: SseEvent[] = [];
  const events = sseDecoder({
    maxEventLength: limits.maxBytes,
    onEvent: (event) => pending.push(event),
    onRetry: (milliseconds) => sink.retry?.(milliseconds),
  });
  const decoder = new TextDecoder();
  const flush = async (): Promise<void> => {
    for (const event of pending.splice(0)) await sink.event(event);
  };
  await eachChunk(response, limits, (chunk) => {
    events.push(decoder.decode(chunk, { stream: true }));
    return pending.length > 0 ? flush() : undefined;
  });
  events.end();
  await flush();
}

async function take({ event, id, data }: SseEvent, limits: ReplyLimits, sink: ReplySink): Promise<void> {
  if (id !== undefined && sink.knows?.(id)) return;
  if (data !== '' && (event === undefined || event === 'message')) await deliver(data, limits, sink);
  if (id !== undefined) sink.delivered?.(id);
}

async function deliver(
  text: string,
  { maxBytes, message, signal }: ReplyLimits,
  sink: ReplySink,
): Promise<void> {
  const decoded = decodeFrame(text, { maxLength: maxBytes, ...message });
  if (decoded instanceof TransportError) return sink.fault(decoded);
  for (const each of Array.isArray(decoded) ? decoded : [decoded]) {
    const taken = sink.message(each);
    if (taken) await abortable(taken, signal);
  }
}
