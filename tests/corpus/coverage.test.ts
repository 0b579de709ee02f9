import { describe, expect, test } from 'vitest';
import { clientCases, serverCases } from './cases.ts';
import { clientScenarios } from './client-scenarios.ts';
import { corpus } from './corpus.ts';
import type { Surface } from './entry.ts';
import { lineScenarios } from './line-scenarios.ts';
import { processScenarios } from './process-scenarios.ts';
import { scenariosOver } from './server-scenarios.ts';

/** What runs the entries of layers A to D, surface by surface. The other surfaces belong to the transports that have them. */
const RUN: Readonly<Partial<Record<Surface, readonly string[]>>> = {
  memory: [...ids(serverCases('memory')), ...scenariosOver('memory').map(([id]) => id)],
  stdio: [
    ...ids(serverCases('stdio')),
    ...scenariosOver('stdio').map(([id]) => id),
    ...Object.keys(lineScenarios),
  ],
  client: [...clientIds('client'), ...scenarioIds('client')],
  'client-modern': [...clientIds('client-modern'), ...scenarioIds('client-modern')],
  'stdio-client': Object.keys(processScenarios),
};

/** Entries that nothing runs, and why. */
const EXCUSED: Readonly<Record<string, string>> = {
  C057: 'tasks are served by a package of their own; a server without it knows none of their methods',
};

const foundation = corpus.filter(({ id }) => /^[A-D]/.test(id));

describe.each(Object.keys(RUN) as Surface[])('over %s', (surface) => {
  const wanted = foundation.filter(({ id, on }) => on.includes(surface) && !Object.hasOwn(EXCUSED, id));

  test('every entry that can come in is run, and no other', () => {
    const run = new Set(RUN[surface]);
    expect([...run].toSorted()).toEqual(wanted.map(({ id }) => id).toSorted());
    expect(wanted.length).toBeGreaterThan(3);
  });
});

test('every entry of layers A to D comes in somewhere here, or is excused', () => {
  const here = new Set(Object.values(RUN).flat());
  const missing = foundation.filter(({ id }) => !here.has(id) && !Object.hasOwn(EXCUSED, id));
  expect(missing.map(({ id }) => id)).toEqual([]);
  expect(Object.keys(EXCUSED).filter((id) => here.has(id))).toEqual([]);
});

test('no entry of the other layers claims to come in here', () => {
  const others = corpus.filter(({ id, on }) => /^[E-I]/.test(id) && on.some((surface) => surface in RUN));
  expect(others.map(({ id }) => id)).toEqual([]);
});

function ids(cases: readonly { readonly id: string }[]): string[] {
  return cases.map(({ id }) => id);
}

function clientIds(surface: Surface): string[] {
  return ids(clientCases().filter(({ entry }) => entry.on.includes(surface)));
}

function scenarioIds(surface: Surface): string[] {
  return Object.keys(clientScenarios).filter((id) =>
    corpus.some((entry) => entry.id === id && entry.on.includes(surface)),
  );
}
