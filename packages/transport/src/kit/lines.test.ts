import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lineDecoder, type LineDecoderOptions } from './lines.ts';

const utf8 = new TextEncoder();

describe('chunking never changes the lines', () => {
  test('whatever the bytes are', () => {
    const piece = fc.oneof(
      fc.constantFrom('\n', '\r\n', '\r', '\uFEFF', ' ', 'é', '😀', '{"a":1}'),
      fc.string({ unit: 'binary' }),
      fc.constant(new Uint8Array([0xff])),
      fc.constant(new Uint8Array([0xed, 0xa0, 0x80])),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.infiniteStream(fc.integer({ min: 1, max: 7 })), (pieces, sizes) => {
        const bytes = join(pieces.map((each) => (typeof each === 'string' ? utf8.encode(each) : each)));
        const whole = read([bytes], { maxBytes: 12 });
        const cut = read(cutBytes(bytes, sizes), { maxBytes: 12 });
        const single = read(
          Array.from(bytes, (byte) => new Uint8Array([byte])),
          { maxBytes: 12 },
        );
        expect(cut).toEqual(whole);
        expect(single).toEqual(whole);
      }),
    );
  });

  test('and every line arrives as it was written', () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !/[\r\n\uFEFF]/.test(text) && text.trim() !== '');
    fc.assert(
      fc.property(
        fc.array(line),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.constantFrom('\n', '\r\n'),
        (lines, sizes, end) => {
          const bytes = utf8.encode(lines.map((each) => each + end).join(''));
          expect(read(cutBytes(bytes, sizes))).toEqual(lines);
        },
      ),
    );
  });
});

describe('what counts as a line', () => {
  test.each<[string, string, unknown[]]>([
    ['blank lines do not', '\n\r\n \t\n{}\n\n', ['{}']],
    ['a carriage return belongs to the line end', '{}\r\n[]\r\n', ['{}', '[]']],
    ['a lone carriage return does not end a line', '1\r2\n', ['1\r2']],
    ['a last line needs no newline', '{}\n[]', ['{}', '[]']],
    ['a byte order mark at the very beginning is none', '\uFEFF{}\n[]\n', ['{}', '[]']],
    ['a later one stays', '{}\n\uFEFF[]\n', ['{}', '\uFEFF[]']],
    ['one after a blank line stays', '\n\uFEFF[]\n', ['\uFEFF[]']],
    ['nothing is no line', '', []],
  ])('%s', (_, text, lines) => {
    expect(read([utf8.encode(text)])).toEqual(lines);
  });
});

describe('faults leave the stream alive', () => {
  test('bytes that are not UTF-8 are answered with -32700', () => {
    const bytes = join([new Uint8Array([0x7b, 0xff, 0x0a]), utf8.encode('{}\n')]);
    expect(read([bytes])).toEqual([{ code: 'malformed', answer: -32700 }, '{}']);
  });

  test('the longest line passes, a longer one is reported once and skipped', () => {
    expect(
      read([utf8.encode(`${'a'.repeat(8)}\n${'b'.repeat(9)}\n${'c'.repeat(100)}\nd\n`)], { maxBytes: 8 }),
    ).toEqual([
      'aaaaaaaa',
      { code: 'too-large', answer: -32600 },
      { code: 'too-large', answer: -32600 },
      'd',
    ]);
  });

  test('a line of more than 10 MiB is too long', () => {
    const chunk = utf8.encode('x'.repeat(1024 * 1024));
    const chunks = Array.from({ length: 11 }, () => chunk);
    expect(read([...chunks.slice(1), utf8.encode('\n')])).toHaveLength(1);
    expect(read([...chunks, utf8.encode('\n{}\n')])).toEqual([{ code: 'too-large', answer: -32600 }, '{}']);
  });

  test('a line that is too long is reported before its end', () => {
    expect(read([utf8.encode('x'.repeat(20))], { maxBytes: 8 }, false)).toEqual([
      { code: 'too-large', answer: -32600 },
    ]);
  });

  test('whoever waits for the answer in it is named', () => {
    const text = `{"jsonrpc":"2.0","id":5,"result":{"x":"${'y'.repeat(100)}"}}\n`;
    expect(read(cutBytes(utf8.encode(text), [3, 1, 40]), { maxBytes: 64 })).toEqual([
      { code: 'too-large', inReplyTo: 5 },
    ]);
  });
});

test('chunks may be reused by their owner', () => {
  const chunk = new Uint8Array(4);
  const lines: string[] = [];
  const decoder = lineDecoder({ onLine: (text) => lines.push(text), onFault() {} });
  for (const text of ['{"a"', ':"b"', '}\n{}', '\n[]\n']) {
    chunk.set(utf8.encode(text));
    decoder.push(chunk);
  }
  expect(lines).toEqual(['{"a":"b"}', '{}', '[]']);
});

test('the decoding of bytes can be replaced', () => {
  const decode = (bytes: Uint8Array): string => String.fromCharCode(...bytes).toUpperCase();
  expect(read([utf8.encode('ab\nc\n')], { decode })).toEqual(['AB', 'C']);
});

/** What came out: a text for a line, an object for a fault. */
function read(
  chunks: Iterable<Uint8Array>,
  options: Pick<LineDecoderOptions, 'maxBytes' | 'decode'> = {},
  toEnd = true,
): unknown[] {
  const out: unknown[] = [];
  const decoder = lineDecoder({
    ...options,
    onLine: (text) => out.push(text),
    onFault: ({ code, answer, inReplyTo }) =>
      out.push({
        code,
        ...(answer && { answer: answer.error.code }),
        ...(inReplyTo !== undefined && { inReplyTo }),
      }),
  });
  for (const chunk of chunks) decoder.push(chunk);
  if (toEnd) decoder.end();
  return out;
}

function* cutBytes(bytes: Uint8Array, sizes: Iterable<number>): Generator<Uint8Array> {
  let from = 0;
  for (const size of sizes) {
    if (from >= bytes.length) return;
    yield bytes.slice(from, from + size);
    from += size;
  }
  yield bytes.slice(from);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}
