import { median, ratios, type Measurement, type Verdict } from './measure.ts';
import type { Goal } from './scenario.ts';

/** A measurement as a table that a person can read. */
export function table(measurement: Measurement): string {
  const { scenario, series, verdicts } = measurement;
  const reference = scenario.goals.find(({ against }) => against !== undefined)?.against;
  const head = [scenario.unit, 'median', 'min', 'max', ...(reference ? [`× ${reference}`] : [])];
  const rows = series.map(({ contender, values }) => [
    contender,
    ...[median(values), Math.min(...values), Math.max(...values)].map(number),
    ...(reference ? [spread(ratios(series, contender, reference))] : []),
  ]);
  const lines = [
    `${scenario.title} (${scenario.rounds === 1 ? '1 round' : `${scenario.rounds} rounds`})`,
    ...columns([head, ...rows]),
  ];
  return [...lines, ...verdicts.map((verdict) => `  ${sentence(verdict)}`)].join('\n');
}

/** All goals with what was measured, for the end of a run. */
export function summary(measurements: readonly Measurement[]): string {
  const rows = measurements.flatMap(({ scenario, verdicts }) =>
    verdicts.map((verdict) => [
      scenario.title,
      words(verdict.goal),
      `${number(verdict.median)} (${number(verdict.min)} to ${number(verdict.max)})`,
      verdict.met ? 'pass' : 'MISSED',
    ]),
  );
  return columns([['what', 'goal', 'measured', ''], ...rows], 4).join('\n');
}

/** A run as data: every value of every round, and what became of the goals. */
export function json(
  about: { readonly machine: string; readonly load: string | undefined },
  measurements: readonly Measurement[],
): string {
  const scenarios = measurements.map(({ scenario, series, verdicts }) => ({
    name: scenario.name,
    title: scenario.title,
    unit: scenario.unit,
    contenders: series.map(({ contender, values }) => ({ name: contender, median: median(values), values })),
    goals: verdicts,
  }));
  return JSON.stringify({ ...about, scenarios }, undefined, 2);
}

function sentence(verdict: Verdict): string {
  return `${verdict.met ? 'pass  ' : 'MISSED'} ${words(verdict.goal)}: ${number(verdict.median)}`;
}

function words({ of, against, atMost, atLeast }: Goal): string {
  const bound = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
  return against === undefined ? `${of} ${bound}` : `${of} ${bound} × ${against}`;
}

function spread(values: readonly number[]): string {
  return `${number(median(values))} (${number(Math.min(...values))} to ${number(Math.max(...values))})`;
}

function number(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2);
}

/** The first columns to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[], left = 1): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) => {
    const cells = row.map((cell, column) =>
      column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `  ${cells.join('  ')}`.trimEnd();
  });
}
