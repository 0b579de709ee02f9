import { describe, expect, test } from 'vitest';
import { watchMishaps } from '../src/mishaps.ts';
import { turn } from '../src/within.ts';
import { processScenarios } from './process-scenarios.ts';

describe('a client over stdio', { timeout: 20_000 }, () => {
  test.each(Object.entries(processScenarios))('%s', async (_id, play) => {
    const mishaps = watchMishaps();
    await play();
    await turn();
    mishaps.stop();
    expect(mishaps.seen).toEqual([]);
  });
});
