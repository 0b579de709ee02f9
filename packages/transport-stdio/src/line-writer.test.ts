import { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { lineWriter } from './line-writer.ts';

describe('lineWriter', () => {
  test('the frames of one tick leave in one write, in order', async () => {
    const slow = gate();
    const writer = lineWriter(slow.stream, { failed() {} });
    expect([writer.write('a'), writer.write('b'), writer.write('c')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    await nextTurn();
    expect(slow.written).toEqual(['a\nb\nc\n']);
  });

  test('promises room when 1 Mi waits, and keeps it when the stream took enough', async () => {
    const slow = gate();
    const writer = lineWriter(slow.stream, { failed() {} });
    expect(writer.write('x'.repeat(1024 * 1024 - 2))).toBeUndefined();
    const room = writer.write('y');
    const settled = track(room);
    await nextTurn();
    expect(settled()).toBe('pending');
    slow.take();
    await room;
    expect(writer.write('z')).toBeUndefined();
  });

  test('what waits rejects when the stream breaks, and so does all that follows', async () => {
    const slow = gate();
    const failures: string[] = [];
    const writer = lineWriter(slow.stream, { failed: (error) => failures.push(error.code) });
    const room = writer.write('x'.repeat(2 * 1024 * 1024));
    await nextTurn();
    slow.take(Object.assign(new Error('broken'), { code: 'EPIPE' }));
    await expect(room).rejects.toMatchObject({ code: 'closed', delivery: 'unknown' });
    await expect(writer.write('more')).rejects.toMatchObject({ code: 'not-sent', delivery: 'not-sent' });
    expect(failures).toEqual(['not-sent']);
  });

  test('what waits rejects when the stream is destroyed without an error', async () => {
    const slow = gate();
    const writer = lineWriter(slow.stream, { failed() {} });
    const room = writer.write('x'.repeat(2 * 1024 * 1024));
    slow.stream.destroy();
    await expect(room).rejects.toMatchObject({ code: 'closed' });
  });

  test('flush resolves when all is written', async () => {
    const slow = gate();
    const writer = lineWriter(slow.stream, { failed() {} });
    void writer.write('a');
    const flushed = writer.flush(60_000);
    const settled = track(flushed);
    await nextTurn();
    expect(settled()).toBe('pending');
    slow.take();
    await flushed;
    expect(slow.written).toEqual(['a\n']);
  });

  test('flush gives up on a stream that takes nothing', async () => {
    const writer = lineWriter(gate().stream, { failed() {} });
    void writer.write('a');
    await expect(writer.flush(1)).resolves.toBeUndefined();
  });

  test('leaves a healthy stream without listeners', async () => {
    const { stream } = gate();
    lineWriter(stream, { failed() {} }).release();
    expect([stream.listenerCount('error'), stream.listenerCount('close')]).toEqual([0, 0]);
  });
});

/** A stream that takes a write only when it is told to. */
function gate(): { stream: Writable; written: string[]; take(error?: Error): void } {
  const written: string[] = [];
  let pending: ((error?: Error | null) => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _, done) {
      written.push(chunk);
      pending = done;
    },
  });
  return { stream, written, take: (error) => pending?.(error) };
}

function track(promise: Promise<void> | void): () => string {
  let state = 'pending';
  void Promise.resolve(promise).then(
    () => (state = 'resolved'),
    () => (state = 'rejected'),
  );
  return () => state;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
