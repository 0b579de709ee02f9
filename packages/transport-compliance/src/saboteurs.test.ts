import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cases } from './cases.ts';
import { LANES, lanesLink } from './reference/lanes.ts';
import { SHARED, sharedLink } from './reference/shared.ts';
import { saboteurs } from './saboteurs.ts';
import { complianceReport, examine } from './suite.ts';

// The clause about memory is checked only where a collection can be asked for.
beforeAll(() => {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as NonNullable<typeof globalThis.gc>;
});
afterAll(() => {
  globalThis.gc = undefined;
});

describe('the suite rejects a transport when', () => {
  test.each(saboteurs.map((saboteur) => [saboteur.defect, saboteur] as const))('%s', async (_, saboteur) => {
    try {
      const finding = await examine(saboteur.breaks, saboteur.setup, { ...saboteur.can, ...IN_A_HURRY });
      expect(finding).toMatchObject({ clause: saboteur.breaks.clause, outcome: 'broken' });
    } finally {
      saboteur.stop?.();
    }
  });
});

describe('the suite accepts', { timeout: 30_000 }, () => {
  test.each([
    ['one shared lane', () => sharedLink(), SHARED],
    ['a lane for each request', lanesLink, LANES],
  ] as const)('%s', async (_, setup, can) => {
    const report = await complianceReport(setup, { ...can, ...IN_A_HURRY });
    expect(report.filter(({ outcome }) => outcome === 'broken')).toEqual([]);
  });
});

test('every clause has a saboteur', () => {
  const proved = new Set(saboteurs.map(({ breaks }) => breaks));
  expect(cases.filter((each) => !proved.has(each)).map(({ clause }) => clause)).toEqual([]);
});

const IN_A_HURRY = { patience: 300, volume: 2000 };
