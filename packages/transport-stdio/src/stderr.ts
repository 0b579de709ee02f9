import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const RING_BYTES = 64 * 1024;

/** The last output of a child, kept within 64 KiB whatever it writes. */
export interface LastOutput {
  add(bytes: Uint8Array): void;
  /** The last `bytes` of it as text that is safe to print: whole lines, no escape sequences or control characters. */
  tail(bytes: number): string;
}

/** Keeps the end of an output in a ring that is allocated with the first byte and never grows. */
export function lastOutput(): LastOutput {
  let ring: Buffer | undefined;
  let written = 0;
  return {
    add(bytes) {
      ring ??= Buffer.alloc(RING_BYTES);
      const kept = bytes.subarray(Math.max(0, bytes.length - RING_BYTES));
      written += bytes.length - kept.length;
      const at = written % RING_BYTES;
      const untilEdge = kept.subarray(0, RING_BYTES - at);
      ring.set(untilEdge, at);
      ring.set(kept.subarray(untilEdge.length), 0);
      written += kept.length;
    },
    tail(bytes) {
      if (!ring) return '';
      const size = Math.min(bytes, written, RING_BYTES);
      const from = (written - size) % RING_BYTES;
      const text = Buffer.concat([
        ring.subarray(from, from + size),
        ring.subarray(0, Math.max(0, from + size - RING_BYTES)),
      ]);
      return printable(size < written ? withoutFirstLine(text.toString()) : text.toString());
    },
  };
}

/**
 * Guarantees that the child never blocks on its stderr: every byte is read, the end is kept in `output`, and `sink` sees
 * all of it as text. A sink that throws is not called again; `failed` hears why.
 */
export function drainStderr(
  stream: Readable,
  output: LastOutput,
  sink: ((text: string) => void) | undefined,
  failed: (error: unknown) => void,
): void {
  const decoder = new TextDecoder();
  let wanted = sink;
  stream.on('error', () => {});
  stream.on('data', (chunk: Buffer) => {
    output.add(chunk);
    if (!wanted) return;
    try {
      wanted(decoder.decode(chunk, { stream: true }));
    } catch (error) {
      wanted = undefined;
      failed(error);
    }
  });
}

/** Drops what a terminal would obey: escape sequences and control characters other than newline and tab. */
export function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, '');
}

function withoutFirstLine(text: string): string {
  return text.slice(text.indexOf('\n') + 1);
}
