import { contains, overlap, type Automaton } from './automaton.ts';

/** Two ways of reading one text so far: the states they are in, whether they ever differed, and how they came there. */
interface Pair {
  readonly left: number;
  readonly right: number;
  readonly apart: boolean;
  readonly from: Pair | undefined;
}

/** A URI that an automaton can read in two ways; `undefined` if there is none. */
export function ambiguousExample(automaton: Automaton): string | undefined {
  const size = automaton.reads.length;
  const queue: Pair[] = [{ left: 0, right: 0, apart: false, from: undefined }];
  const seen = new Set<number>();
  for (const pair of queue) {
    const { left, right, apart } = pair;
    if (apart && automaton.accepts.has(left) && automaton.accepts.has(right))
      return exampleOf(pair, automaton);
    for (const one of automaton.next[left] ?? []) {
      for (const other of automaton.next[right] ?? []) {
        if (!overlap(reads(automaton, one), reads(automaton, other))) continue;
        const [low, high] = one < other ? [one, other] : [other, one];
        const next = { left: low, right: high, apart: apart || one !== other, from: pair };
        const key = (low * size + high) * 2 + Number(next.apart);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    }
  }
  return undefined;
}

const READABLE = [
  ...Array.from('xyzabc0123456789'),
  ...Array.from({ length: 94 }, (_, index) => String.fromCharCode(index + 33)),
];

function exampleOf(last: Pair, automaton: Automaton): string {
  const characters: string[] = [];
  for (let pair: Pair | undefined = last; pair?.from; pair = pair.from) {
    const { left, right } = pair;
    const readByBoth = (character: string): boolean =>
      contains(reads(automaton, left), character.charCodeAt(0)) &&
      contains(reads(automaton, right), character.charCodeAt(0));
    characters.push(READABLE.find(readByBoth) ?? '');
  }
  return characters.toReversed().join('');
}

function reads({ reads: sets }: Automaton, state: number): Automaton['reads'][number] {
  return sets[state] ?? [0, 0, 0, 0];
}
