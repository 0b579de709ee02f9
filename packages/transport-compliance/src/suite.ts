import { Bench } from './bench.ts';
import { cases } from './cases.ts';
import type { Case } from './case.ts';
import type { Capabilities, Setup } from './link.ts';

/** The two functions of a test runner that the suite uses; those of `node:test` and of vitest fit. */
export interface Runner {
  readonly describe: (name: string, body: () => void) => unknown;
  readonly test: (name: string, body: (context: { skip(reason?: string): void }) => Promise<void>) => unknown;
}

/**
 * Registers one test for each clause of the transport contract. Every test makes links of its own; a clause that the
 * binding cannot keep by its nature is skipped with the reason that `can` gives.
 */
export function transportCompliance(
  name: string,
  setup: Setup,
  can: Capabilities,
  { describe, test }: Runner,
): void {
  describe(`transport compliance: ${name}`, () => {
    for (const each of cases) {
      const reason = each.skip?.(can);
      if (reason === undefined) test(each.clause, () => runCase(each, setup, can));
      else test(`${each.clause} (does not apply: ${reason})`, async (context) => context.skip(reason));
    }
  });
}

/** How one clause fared. */
export interface Finding {
  readonly clause: string;
  readonly outcome: 'kept' | 'broken' | 'skipped';
  /** What broke it, or why it was skipped. */
  readonly reason?: string;
}

/** Checks every clause without a test runner, one after the other. For matrices and for transports that are meant to fail. */
export async function complianceReport(setup: Setup, can: Capabilities): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const each of cases) findings.push(await examine(each, setup, can));
  return findings;
}

/** Checks one clause. */
export async function examine(each: Case, setup: Setup, can: Capabilities): Promise<Finding> {
  const { clause } = each;
  const skipped = each.skip?.(can);
  if (skipped !== undefined) return { clause, outcome: 'skipped', reason: skipped };
  try {
    await runCase(each, setup, can);
    return { clause, outcome: 'kept' };
  } catch (error) {
    return { clause, outcome: 'broken', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function runCase(each: Case, setup: Setup, can: Capabilities): Promise<void> {
  const bench = new Bench(setup, can);
  try {
    await each.run(bench);
  } finally {
    await bench.release();
  }
}
