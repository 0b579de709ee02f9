import { setTimeout as rest } from 'node:timers/promises';
import type { Contender, Gauge, Goal, Scenario } from './scenario.ts';

/** The values of one contender, one a round. */
export interface Series {
  readonly contender: string;
  readonly values: readonly number[];
}

/** What became of one goal. */
export interface Verdict {
  readonly goal: Goal;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly met: boolean;
}

/** What came of one scenario. */
export interface Measurement {
  readonly scenario: Scenario;
  readonly series: readonly Series[];
  readonly verdicts: readonly Verdict[];
}

/** Opens all contenders, measures them in turns (A B C, A B C, …) so that a slow minute hits all alike, and closes them. */
export async function measure(scenario: Scenario): Promise<Measurement> {
  const opened: [Contender, Gauge, number[]][] = [];
  try {
    for (const contender of scenario.contenders) opened.push([contender, await contender.open(), []]);
    for (let round = 0; round < scenario.rounds; round++) {
      for (const [{ once = false }, gauge, values] of opened) {
        if (once && round > 0) continue;
        await rest(REST_MS);
        values.push(await gauge.round());
      }
    }
  } finally {
    await Promise.all(opened.map(([, gauge]) => gauge.close()));
  }
  const series = opened.map(([{ name }, , values]) => ({ contender: name, values }));
  return { scenario, series, verdicts: scenario.goals.map((goal) => judge(goal, series)) };
}

/** What the contender before leaves to be cleared up in the background must not be charged to the next. */
const REST_MS = 25;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? NaN)) / 2;
}

/** The values of a contender, each divided by that of another in the same round. */
export function ratios(series: readonly Series[], of: string, against: string): readonly number[] {
  const reference = valuesOf(series, against);
  return valuesOf(series, of).map((value, round) => value / (reference[round] ?? NaN));
}

function judge(goal: Goal, series: readonly Series[]): Verdict {
  const { of, against, atMost = Infinity, atLeast = -Infinity } = goal;
  const values = against === undefined ? valuesOf(series, of) : ratios(series, of, against);
  const middle = median(values);
  return {
    goal,
    median: middle,
    min: Math.min(...values),
    max: Math.max(...values),
    met: middle <= atMost && middle >= atLeast,
  };
}

function valuesOf(series: readonly Series[], contender: string): readonly number[] {
  const found = series.find((candidate) => candidate.contender === contender);
  if (!found) throw new Error(`no contender is called '${contender}'`);
  return found.values;
}
