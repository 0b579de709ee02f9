import fc from 'fast-check';
import { isTransportError } from '@trunkline/transport';
import { describe, expect, test } from 'vitest';
import { sseDecoder, type SseEvent } from './decode.ts';
import { encodeSse, SSE_KEEP_ALIVE } from './encode.ts';

function decode(pieces: readonly string[], maxEventLength?: number): SseEvent[] {
  const events: SseEvent[] = [];
  const decoder = sseDecoder({
    onEvent: (event) => events.push(event),
    ...(maxEventLength === undefined ? {} : { maxEventLength }),
  });
  for (const piece of pieces) decoder.push(piece);
  decoder.end();
  return events;
}

const word = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => !/[\r\n\0]/.test(text));
const anEvent = fc.record({
  data: fc.string({ unit: fc.constantFrom('a', ' ', ':', '\n', '\u2028', 'é', '😀', '\uFEFF') }),
  event: fc.option(word, { nil: undefined }),
  id: fc.option(word, { nil: undefined }),
});

/** A text and the places to cut it at. */
const cutText = fc.array(fc.tuple(anEvent, fc.boolean()), { minLength: 1, maxLength: 6 }).chain((events) =>
  fc.record({
    events: fc.constant(events.map(([event]) => event)),
    text: fc.constant(
      events.map(([event, alive]) => (alive ? SSE_KEEP_ALIVE : '') + encodeSse(event)).join(''),
    ),
    cuts: fc.array(fc.nat(400), { maxLength: 40 }),
    lineEnd: fc.constantFrom('\n', '\r', '\r\n'),
  }),
);

describe('reading what was written', () => {
  test('yields the same events, however the text is cut and lines end', () => {
    fc.assert(
      fc.property(cutText, ({ events, text, cuts, lineEnd }) => {
        const sent = text.replaceAll('\n', lineEnd);
        const at = [0, ...cuts.map((cut) => cut % (sent.length + 1)), sent.length].toSorted((a, b) => a - b);
        const pieces = at.slice(1).map((end, index) => sent.slice(at[index], end));
        expect(decode(pieces)).toEqual(events);
      }),
    );
  });

  test('takes one character at a time', () => {
    const text = encodeSse({ data: 'one\ntwo', id: '7', event: 'message' });
    expect(decode(text.split(''))).toEqual([{ data: 'one\ntwo', id: '7', event: 'message' }]);
  });

  test('an event without data is still an event with its id', () => {
    expect(decode([encodeSse({ data: '', id: 'p-0' })])).toEqual([{ data: '', id: 'p-0', event: undefined }]);
  });
});

describe('reading what others write', () => {
  test('comments and unknown fields are skipped', () => {
    expect(decode([': hello\n\nfoo: bar\nretry: x\ndata: 1\n: in between\ndata: 2\n\n'])).toEqual([
      { data: '1\n2', id: undefined, event: undefined },
    ]);
  });

  test('a byte order mark at the start is no part of the first field', () => {
    expect(decode(['\uFEFFdata: 1\n\n'])).toHaveLength(1);
  });

  test('an id with NUL is ignored', () => {
    expect(decode(['id: a\0b\ndata: 1\n\n'])).toEqual([{ data: '1', id: undefined, event: undefined }]);
  });

  test('an event that is cut off by the end is dropped', () => {
    expect(decode(['data: 1\n\ndata: 2\n'])).toHaveLength(1);
  });

  test('the pause asked for is told', () => {
    const pauses: number[] = [];
    const decoder = sseDecoder({ onEvent: () => {}, onRetry: (milliseconds) => pauses.push(milliseconds) });
    decoder.push(`retry: 1500\n\n${encodeSse({ data: '', retry: 20 })}`);
    expect(pauses).toEqual([1500, 20]);
  });
});

describe('the limit', () => {
  const tooLarge = expect.toSatisfy(
    (error: unknown) => isTransportError(error) && error.code === 'too-large',
  );

  test.each([
    ['one line that never ends', ['data: ', ...Array.from({ length: 20 }, () => 'x'.repeat(10))]],
    ['many lines without a blank one', Array.from({ length: 40 }, () => 'data: xxxxx\n')],
    ['an event in one piece', [`data: ${'x'.repeat(101)}\n\n`]],
    [
      'an endless comment',
      [':', ...Array.from({ length: 30 }, () => 'x'.repeat(10)), `\ndata: ${'x'.repeat(101)}\n\n`],
    ],
  ])('%s is too large', (_name, pieces) => {
    let thrown: unknown;
    try {
      decode(pieces, 100);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toEqual(tooLarge);
  });

  test('an event just below it passes, and many of them do', () => {
    const text = encodeSse({ data: 'x'.repeat(90) });
    expect(
      decode(
        Array.from({ length: 50 }, () => text),
        100,
      ),
    ).toHaveLength(50);
  });

  test('is 16 Mi unless given', () => {
    const push = (): void =>
      void decode(Array.from({ length: 18 }, () => `data: ${'x'.repeat(1024 * 1024)}\n`));
    expect(push).toThrow('16777216');
  });
});
