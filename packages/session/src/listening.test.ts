import { describe, expect, test } from 'vitest';
import { createListening, type Listening } from './listening.ts';
import type { Change } from './subscriptions.ts';
import { rejection, turn, watch, within } from './fixtures/within.ts';

const TOOLS: Change = { kind: 'tools' };

async function all(listening: Listening): Promise<Change[]> {
  const seen: Change[] = [];
  for await (const change of listening) seen.push(change);
  return seen;
}

describe('a listening', () => {
  test('keeps what was not taken yet as a set, and gives it before it ends', async () => {
    const { listening, push, end } = createListening({}, () => {});
    for (let count = 0; count < 1000; count += 1) {
      push(TOOLS);
      push({ kind: 'resource', uri: `file:///${count % 3}` });
    }
    end();
    expect(await within(all(listening), 'the end')).toHaveLength(4);
    expect(await listening.ended).toBeUndefined();
  });

  test('throws after the last change where the link was lost', async () => {
    const { listening, push, end } = createListening({}, () => {});
    push(TOOLS);
    const seen: Change[] = [];
    const reading = (async () => {
      for await (const change of listening) seen.push(change);
    })();
    await turn();
    const lost = new Error('lost');
    end(lost);
    end();
    expect(await rejection(reading)).toBe(lost);
    expect(seen).toEqual([TOOLS]);
    expect(await listening.ended).toBe(lost);
  });

  test('stops once, whether its owner leaves the loop, closes it, or both', async () => {
    let stops = 0;
    const { listening, push } = createListening({}, () => {
      stops += 1;
    });
    push(TOOLS);
    for await (const change of listening) {
      expect(change).toEqual(TOOLS);
      break;
    }
    await listening.close();
    await listening[Symbol.asyncDispose]();
    expect(stops).toBe(1);
    expect(await listening.ended).toBeUndefined();
    push(TOOLS);
    expect(await within(all(listening), 'the end')).toEqual([]);
  });

  test('ends for every reader that waits', async () => {
    const { listening, push, end } = createListening({}, () => {});
    const readers = [watch(all(listening)), watch(all(listening)), watch(all(listening))];
    await turn();
    push(TOOLS);
    await turn();
    end();
    await turn();
    const seen = readers.map(({ outcome }) => outcome);
    expect(seen).toContainEqual({ value: [TOOLS] });
    expect(seen.filter((outcome) => outcome === undefined)).toEqual([]);
  });

  test('close never rejects, whatever becomes of telling the server', async () => {
    const { listening } = createListening({}, () => Promise.reject(new Error('gone')));
    await within(listening.close(), 'close');
    expect(await listening.ended).toBeUndefined();
  });
});
