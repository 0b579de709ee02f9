import type { Node } from './syntax.ts';

/** A pattern as positions, one for each character it may read, and the ways from each to the next. */
export interface Automaton {
  /** What each position reads: the source of a single-character pattern. */
  readonly atoms: readonly string[];
  /** For each position the positions that may follow, with the number of ways to get there: 2 stands for several. */
  readonly follow: readonly ReadonlyMap<number, number>[];
}

/** Repetitions from this count on are taken as unbounded: below it, trying all ways to split a text costs little. */
const MANY = 10;
const MAX_POSITIONS = 2_000;

/** Spells out a pattern; `undefined` if it has too many positions to be examined. */
export function automatonOf(root: Node): Automaton | undefined {
  const builder = new Builder();
  builder.build(root);
  return builder.overflown ? undefined : builder;
}

/** A part of the automaton: where it can be entered and left, and whether it can be passed without reading. */
interface Part {
  readonly first: ReadonlyMap<number, number>;
  readonly last: ReadonlyMap<number, number>;
  readonly empty: boolean;
}

const NOTHING: Part = { first: new Map(), last: new Map(), empty: true };

class Builder implements Automaton {
  readonly atoms: string[] = [];
  readonly follow: Map<number, number>[] = [];

  get overflown(): boolean {
    return this.atoms.length > MAX_POSITIONS;
  }

  build(node: Node): Part {
    if (this.overflown) return NOTHING;
    if (node.kind === 'atom') return this.#position(node.source);
    if (node.kind === 'repeat') return this.#repeat(node.item, node.min, node.max);
    const parts = node.items.map((item) => this.build(item));
    if (node.kind === 'sequence') return parts.reduce((before, after) => this.#join(before, after), NOTHING);
    return parts.reduce((one, other) => ({
      first: union(one.first, other.first),
      last: union(one.last, other.last),
      empty: one.empty || other.empty,
    }));
  }

  #position(source: string): Part {
    const position = this.atoms.push(source) - 1;
    this.follow.push(new Map());
    return { first: new Map([[position, 1]]), last: new Map([[position, 1]]), empty: false };
  }

  #repeat(item: Node, min: number, max: number): Part {
    const simple = item.kind === 'atom' && min === max;
    if (max < MANY || (simple && max < MAX_POSITIONS)) return this.#copies(item, min, max);
    const part = this.build(item);
    this.#connect(part.last, part.first);
    // A text can be split among many passes that may each be empty in as many ways as passes can be chosen.
    if (part.empty && min >= MANY) this.#connect(part.last, part.first);
    return { ...part, empty: part.empty || min === 0 };
  }

  #copies(item: Node, min: number, max: number): Part {
    let optional = NOTHING;
    for (let count = min; count < max; count += 1)
      optional = { ...this.#join(this.build(item), optional), empty: true };
    let part = optional;
    for (let count = 0; count < min; count += 1) part = this.#join(this.build(item), part);
    return part;
  }

  #join(before: Part, after: Part): Part {
    this.#connect(before.last, after.first);
    return {
      first: before.empty ? union(before.first, after.first) : before.first,
      last: after.empty ? union(after.last, before.last) : after.last,
      empty: before.empty && after.empty,
    };
  }

  #connect(from: ReadonlyMap<number, number>, to: ReadonlyMap<number, number>): void {
    for (const [position, ways] of from) {
      for (const [next, more] of to) add(this.follow[position], next, ways * more);
    }
  }
}

function union(
  one: ReadonlyMap<number, number>,
  other: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> {
  if (other.size === 0) return one;
  const both = new Map(one);
  for (const [position, ways] of other) add(both, position, ways);
  return both;
}

function add(positions: Map<number, number> | undefined, position: number, ways: number): void {
  positions?.set(position, Math.min(2, (positions.get(position) ?? 0) + ways));
}
