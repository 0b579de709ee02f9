import { createParser } from 'eventsource-parser';
import { TransportError } from '@trunkline/transport';

/** One event of a stream. */
export interface SseEvent {
  readonly data: string;
  /** The type; a reader takes none for `message`. */
  readonly event?: string | undefined;
  /** Where a reader that lost the stream may take it up again. */
  readonly id?: string | undefined;
}

/** Where the events of a stream go. */
export interface SseDecoderOptions {
  readonly onEvent: (event: SseEvent) => void;
  /** How many milliseconds the writer wants to be left alone before it is read again. */
  readonly onRetry?: (milliseconds: number) => void;
  /** Longest event, in UTF-16 units; 16 Mi unless given. */
  readonly maxEventLength?: number;
}

/** Reads one stream. Not for use after `push` threw or after `end`. */
export interface SseDecoder {
  /** Takes the next piece of text, cut anywhere. Throws `too-large` for an event beyond the limit. */
  push(text: string): void;
  /** The stream is over; an event that it cut off is dropped. */
  end(): void;
}

const MAX_EVENT_LENGTH = 16 * 1024 * 1024;

/**
 * Guarantees the same events however the text is cut, and never holds more than one event of `maxEventLength`. Lines end
 * with CR, LF or both; comments and unknown fields are skipped. https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function sseDecoder(options: SseDecoderOptions): SseDecoder {
  const { onEvent, onRetry, maxEventLength = MAX_EVENT_LENGTH } = options;
  let excess = false;
  let begun = false;
  let endsWithCr = false;
  const parser = createParser({
    maxBufferSize: maxEventLength,
    onEvent(event) {
      // The parser measures what it keeps between two pieces, not an event that arrives whole.
      if (event.data.length > maxEventLength) excess = true;
      if (!excess) onEvent(event);
    },
    ...(onRetry && { onRetry: (milliseconds) => onRetry(Math.min(milliseconds, Number.MAX_SAFE_INTEGER)) }),
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') excess = true;
    },
  });
  return {
    push(text) {
      if (text === '') return;
      parser.feed(!begun && text.startsWith('\uFEFF') ? text.slice(1) : text);
      begun = true;
      endsWithCr = text.endsWith('\r');
      if (excess) throw new TransportError('too-large', `an event longer than ${maxEventLength} characters`);
    },
    end() {
      // The parser still waits whether a LF belongs to the CR that ended the last line.
      if (endsWithCr) parser.feed('\n');
      parser.reset();
    },
  };
}
