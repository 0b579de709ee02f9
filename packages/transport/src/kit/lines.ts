import type { TransportError } from '../transport-error.ts';
import { HEAD_LENGTH, oversized } from './decode.ts';
import { unparsable } from './refusal.ts';

/** What a {@link lineDecoder} reports, and its limits. */
export interface LineDecoderOptions {
  /** One line without its end; lines of nothing but blanks are left out. Must not throw. */
  readonly onLine: (text: string) => void;
  /** A line that was skipped: too long, or not UTF-8. Must not throw. */
  readonly onFault: (error: TransportError) => void;
  /** Longest line, in bytes; 10 MiB unless said. */
  readonly maxBytes?: number;
  /** Turns the bytes of a line into text, keeps a byte order mark and throws on what is not UTF-8; `TextDecoder` unless said. */
  readonly decode?: (bytes: Uint8Array) => string;
}

/** Takes bytes as they come. */
export interface LineDecoder {
  /** Takes the next bytes; keeps no reference to them. */
  readonly push: (chunk: Uint8Array) => void;
  /** Takes the last line if no newline ended it. */
  readonly end: () => void;
}

/**
 * Cuts bytes into lines, the same ones however the bytes are chunked, in linear time and at most twice `maxBytes` of
 * memory. A carriage return before the newline belongs to the line end; a byte order mark counts as such only at the
 * very beginning.
 */
export function lineDecoder(options: LineDecoderOptions): LineDecoder {
  const { onLine, onFault, maxBytes = 10 * 1024 * 1024, decode = strictDecoder() } = options;
  let held: Uint8Array = NOTHING;
  let length = 0;
  let skipping = false;
  let atStart = true;

  function hold(chunk: Uint8Array, from: number, to: number): void {
    if (skipping) return;
    const total = length + to - from;
    if (total > maxBytes) return skip(chunk.subarray(from, to));
    if (total > held.length) held = grown(held, length, Math.min(maxBytes, Math.max(4 * held.length, total)));
    held.set(chunk.subarray(from, to), length);
    length = total;
  }

  function skip(rest: Uint8Array): void {
    const head = new TextDecoder();
    const text = head.decode(held.subarray(0, Math.min(length, HEAD_LENGTH)), { stream: true });
    skipping = true;
    held = NOTHING;
    onFault(oversized(text + head.decode(rest.subarray(0, HEAD_LENGTH)), maxBytes));
  }

  function release(): void {
    skipping = false;
    atStart = false;
    length = 0;
    if (held.length > KEPT_BYTES) held = NOTHING;
  }

  function emit(bytes: Uint8Array, from: number, to: number): void {
    const end = bytes[to - 1] === CARRIAGE_RETURN ? to - 1 : to;
    let text: string;
    try {
      text = decode(bytes.subarray(from, end));
    } catch (cause) {
      release();
      return onFault(unparsable('a line that is not UTF-8', cause));
    }
    if (atStart && text.startsWith('\uFEFF')) text = text.slice(1);
    release();
    if (text.trim() !== '') onLine(text);
  }

  return {
    push(chunk) {
      let from = 0;
      for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
        if (length === 0 && !skipping && to - from <= maxBytes) emit(chunk, from, to);
        else {
          hold(chunk, from, to);
          if (skipping) release();
          else emit(held, 0, length);
        }
        from = to + 1;
      }
      if (from < chunk.length) hold(chunk, from, chunk.length);
    },
    end() {
      if (length > 0 && !skipping) emit(held, 0, length);
    },
  };
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array(0);

/** A buffer up to this size is kept for the next line. */
const KEPT_BYTES = 64 * 1024;

function strictDecoder(): (bytes: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return (bytes) => decoder.decode(bytes);
}

function grown(held: Uint8Array, length: number, capacity: number): Uint8Array {
  const larger = new Uint8Array(capacity);
  larger.set(held.subarray(0, length));
  return larger;
}
