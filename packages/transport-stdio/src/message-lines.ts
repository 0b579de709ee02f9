import { decodeFrame, TransportError } from '@trunkline/transport';
import { printable } from './stderr.ts';

const REPORTED_LINES = 20;
const QUOTED_UNITS = 200;

/** Where the lines of a child's stdout go. */
export interface LineSinks {
  readonly message: (line: string) => void;
  readonly noise: (line: string) => void;
  readonly fault: (error: TransportError) => void;
}

/**
 * Guarantees that only lines that begin like a message are taken for one. Anything else a child prints (banners, colours,
 * `console.log`) is noise: the first 20 lines of it are faults, the rest is dropped silently, and the link lives.
 */
export function messageLines({ message, noise, fault }: LineSinks): (line: string) => void {
  let reports = 0;
  return (line) => {
    if (/^\s*[[{]/.test(line)) return message(line);
    noise(line);
    if (reports >= REPORTED_LINES) return;
    reports += 1;
    fault(noiseError(line, reports === REPORTED_LINES));
  };
}

function noiseError(line: string, last: boolean): TransportError {
  const quoted = JSON.stringify(printable(line.slice(0, QUOTED_UNITS)));
  const more = last ? '; further lines of this kind are not reported' : '';
  const reason = `the server wrote to stdout what is no message: ${quoted}${more}`;
  const cause = decodeFrame(line);
  return new TransportError('malformed', reason, {
    cause,
    ...('answer' in cause && cause.answer ? { answer: cause.answer } : {}),
  });
}
