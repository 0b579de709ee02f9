import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { drainStderr, lastOutput, printable } from './stderr.ts';

const KIB = 1024;

describe('lastOutput', () => {
  test('keeps the last 64 KiB of any amount, in any chunks', () => {
    for (const size of [1, 7, 1000, 64 * KIB, 100 * KIB]) {
      const output = lastOutput();
      const all = Array.from({ length: 20_000 }, (_, i) => `line ${i}\n`).join('');
      for (let at = 0; at < all.length; at += size) output.add(Buffer.from(all.slice(at, at + size)));
      const kept = output.tail(Infinity);
      expect(all.endsWith(kept)).toBe(true);
      expect(kept.length).toBeGreaterThan(63 * KIB);
      expect(kept.length).toBeLessThanOrEqual(64 * KIB);
    }
  });

  test('a tail is whole lines', () => {
    const output = lastOutput();
    output.add(Buffer.from('first\nsecond\nthird\n'));
    expect(output.tail(100)).toBe('first\nsecond\nthird\n');
    expect(output.tail(10)).toBe('third\n');
    expect(lastOutput().tail(10)).toBe('');
  });
});

test('printable drops what a terminal obeys', () => {
  expect(printable('\u001B[31mred\u001B[0m \u001B]0;title\u0007tab\tnew\nline\r\u0000\u0085')).toBe(
    'red tab\tnew\nline',
  );
});

describe('drainStderr', () => {
  test('hands the sink whole characters and keeps the bytes', async () => {
    const stream = new PassThrough();
    const output = lastOutput();
    const heard: string[] = [];
    drainStderr(stream, output, (text) => heard.push(text), failOnCall);
    const bytes = Buffer.from('ä😀\n');
    for (const byte of bytes) stream.write(Buffer.of(byte));
    await ended(stream);
    expect(heard.join('')).toBe('ä😀\n');
    expect(output.tail(100)).toBe('ä😀\n');
  });

  test('calls a sink that throws no more, says so once, and goes on reading', async () => {
    const stream = new PassThrough();
    const output = lastOutput();
    const failures: unknown[] = [];
    const boom = new Error('boom');
    let calls = 0;
    const sink = (): never => {
      calls += 1;
      throw boom;
    };
    drainStderr(stream, output, sink, (error) => failures.push(error));
    stream.write('one\n');
    stream.write('two\n');
    await ended(stream);
    expect({ calls, failures }).toEqual({ calls: 1, failures: [boom] });
    expect(output.tail(100)).toBe('one\ntwo\n');
  });
});

function failOnCall(error: unknown): void {
  throw error;
}

function ended(stream: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    stream.on('end', resolve).end();
  });
}
