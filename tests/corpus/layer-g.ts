import type { Entry, Expectation, Input } from './entry.ts';
import { hex } from './wording.ts';

/** WebSocket: who may connect, and frames that break the protocol below ours. */
export const layerG: readonly Entry[] = [
  entry(
    'G001',
    'an upgrade from elsewhere',
    { scenario: 'a foreign Origin, a foreign Host' },
    {
      status: 403,
      note: 'instead of 101',
    },
  ),
  entry(
    'G002',
    'an upgrade to nothing',
    { scenario: 'no subprotocol mcp, a list of others, a list of 10,000' },
    {
      status: 400,
      bounds: { busyMs: 20 },
    },
  ),
  entry('G005', 'reserved bits', { bytes: hex('f18000000000') }, { closes: 1002 }),
  entry('G006', 'a reserved kind of frame', { bytes: hex('838000000000') }, { closes: 1002 }),
  entry(
    'G007',
    'a message in a binary frame',
    { scenario: 'a binary frame with valid JSON' },
    { closes: 1003 },
  ),
  entry('G008', 'a text that is no UTF-8', { scenario: 'a text frame with broken UTF-8' }, { closes: 1007 }),
  entry(
    'G009',
    'a frame of 2 GiB',
    { scenario: 'a length of 2 GiB in the head of a frame, and no more' },
    {
      closes: 1009,
      note: 'nothing is reserved for it',
    },
  ),
  entry(
    'G011',
    'a message within another',
    { scenario: 'a new text frame while a message in fragments is open' },
    {
      closes: 1002,
    },
  ),
  entry(
    'G017',
    'a character cut in pieces',
    { scenario: 'a message in three fragments, cut within a character' },
    {
      note: 'it is answered',
    },
  ),
  entry('G018', 'data after the end', { scenario: 'data behind a closing frame' }, { note: 'it is dropped' }),
];

function entry(id: string, about: string, input: Input, expect: Expectation): Entry {
  return { id, about, on: ['ws'], input, expect };
}
