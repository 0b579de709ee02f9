import type { Automaton } from './automaton.ts';
import { overlapping } from './characters.ts';

/** Steps that are examined before a pattern counts as too intricate. */
const MAX_STEPS = 5_000_000;

/**
 * Tells whether a text exists that the pattern can read in exponentially many ways: some loop reads the same characters on
 * two different paths. A pattern too intricate to be sure counts as one.
 */
export function isExponential(automaton: Automaton, flags: string): boolean {
  const loops = loopsOf(automaton);
  if (loops.some((next) => [...next.values()].some((ways) => ways > 1))) return true;
  const overlap = overlapping(automaton.atoms, flags);
  const size = automaton.atoms.length;
  const reachedFrom = new Map<number, number[]>();
  const queue: number[] = [];
  const isDiagonal = (pair: number): boolean => pair % (size + 1) === 0;
  for (const [position, next] of loops.entries()) if (next.size > 0) queue.push(position * (size + 1));
  const seen = new Set(queue);
  let steps = 0;
  for (const pair of queue) {
    for (const left of loops[Math.floor(pair / size)]?.keys() ?? []) {
      for (const right of loops[pair % size]?.keys() ?? []) {
        if ((steps += 1) > MAX_STEPS) return true;
        if (left !== right && !overlap(left, right)) continue;
        const next = left * size + right;
        const origins = reachedFrom.get(next);
        if (origins) origins.push(pair);
        else reachedFrom.set(next, [pair]);
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return leadsBack(queue.filter(isDiagonal), reachedFrom, isDiagonal);
}

/** Whether two paths that went apart come together again, in which case they can do so any number of times. */
function leadsBack(
  diagonal: readonly number[],
  reachedFrom: ReadonlyMap<number, readonly number[]>,
  isDiagonal: (pair: number) => boolean,
): boolean {
  return diagonal.some((pair) => reachedFrom.get(pair)?.some((origin) => !isDiagonal(origin)));
}

/** The ways of the automaton that can be gone again and again. */
function loopsOf({ follow }: Automaton): ReadonlyMap<number, number>[] {
  const component = componentsOf(follow);
  return follow.map((next, from) => new Map([...next].filter(([to]) => component[from] === component[to])));
}

/** Numbers the strongly connected components: equal numbers mean that each position can be reached from the other. */
function componentsOf(follow: Automaton['follow']): number[] {
  const order: number[] = [];
  const back: number[][] = follow.map(() => []);
  for (const [from, next] of follow.entries()) for (const to of next.keys()) back[to]?.push(from);
  visitAll(
    follow.map((next) => [...next.keys()]),
    [...follow.keys()],
    (position) => order.push(position),
  );
  const component: number[] = [];
  for (const root of order.toReversed()) {
    if (component[root] !== undefined) continue;
    const members = [root];
    component[root] = root;
    for (const member of members) {
      for (const position of back[member] ?? []) {
        if (component[position] !== undefined) continue;
        component[position] = root;
        members.push(position);
      }
    }
  }
  return component;
}

/** Depth first; `leave` hears of each position when everything behind it is visited. */
function visitAll(
  next: readonly number[][],
  roots: readonly number[],
  leave: (position: number) => void,
): void {
  const visited = new Set<number>();
  for (const root of roots) {
    const path: { position: number; edge: number }[] = visited.has(root) ? [] : [{ position: root, edge: 0 }];
    visited.add(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = next[top.position]?.[top.edge++];
      if (to === undefined) leave((path.pop() ?? top).position);
      else if (!visited.has(to)) {
        visited.add(to);
        path.push({ position: to, edge: 0 });
      }
    }
  }
}
