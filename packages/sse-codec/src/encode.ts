import { TransportError } from '@trunkline/transport';
import type { SseEvent } from './decode.ts';

/** An event to write; without `data`, an instruction to the reader that is no event. */
export interface SseOutput extends Partial<SseEvent> {
  /** Milliseconds for which a reader that lost the stream is to wait before it comes back. */
  readonly retry?: number;
}

/**
 * The text of one event. Whatever `data` contains arrives as it is, save that CR and CRLF arrive as LF. Throws `misuse`
 * for an id or a type with a line break or NUL, which could write fields of their own.
 */
export function encodeSse({ data, event, id, retry }: SseOutput): string {
  let text = '';
  if (event !== undefined) text += `event: ${oneLine('event', event)}\n`;
  if (id !== undefined) text += `id: ${oneLine('id', id)}\n`;
  if (retry !== undefined) text += `retry: ${Math.max(0, Math.trunc(retry))}\n`;
  if (data === undefined) return `${text}\n`;
  const breaks = data.includes('\n') || data.includes('\r');
  return `${text}data: ${breaks ? data.split(LINE_BREAK).join('\ndata: ') : data}\n\n`;
}

/** What keeps a silent stream alive and is no event. */
export const SSE_KEEP_ALIVE = ':\n\n';

const LINE_BREAK = /\r\n|\r|\n/;
const UNSAFE = /[\r\n\0]/;

function oneLine(field: string, value: string): string {
  if (!UNSAFE.test(value)) return value;
  throw new TransportError('misuse', `the ${field} of an event contains a line break or NUL`, {
    delivery: 'not-sent',
  });
}
