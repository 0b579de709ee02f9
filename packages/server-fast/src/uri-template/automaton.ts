import type { Expression, Part } from './syntax.ts';

/** Which characters one state reads, as a set of ASCII codes. */
export type Characters = readonly [number, number, number, number];

/**
 * A template as states, each of which reads one character; state 0 reads nothing and is where reading begins. As reading
 * tries all ways at once, it takes time linear in the length of the URI.
 */
export interface Automaton {
  readonly reads: readonly Characters[];
  /** Which states may come next. */
  readonly next: readonly ReadonlySet<number>[];
  /** The index of the expression that a state reads for; -1 for a text. */
  readonly reader: readonly number[];
  readonly accepts: ReadonlySet<number>;
}

const RESERVED = ":/?#[]@!$&'()*+,;=";
const PRINTABLE = setOf(Array.from({ length: 94 }, (_, index) => String.fromCharCode(index + 33)).join(''));
/** What the value of an expression may contain where delimiters are encoded. */
const VALUE = without(PRINTABLE, setOf(RESERVED));

/** Whether some character is in both sets. */
export function overlap(one: Characters, other: Characters): boolean {
  return one.some((word, index) => (word & (other[index] ?? 0)) !== 0);
}

/** Whether a set has a character code below 128. */
export function contains(set: Characters, code: number): boolean {
  return (((set[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
}

/** The automaton that reads what a template can have been expanded to. */
export function automatonOf(parts: readonly Part[]): Automaton {
  const builder = new Builder();
  for (const [index, part] of parts.entries()) {
    if (typeof part === 'string') builder.text(part, -1);
    else builder.expression(part, index);
  }
  return builder;
}

class Builder implements Automaton {
  readonly reads: Characters[] = [setOf('')];
  readonly next: Set<number>[] = [new Set()];
  readonly reader: number[] = [-1];
  accepts: ReadonlySet<number> = new Set([0]);

  text(text: string, reader: number): void {
    for (const character of text) this.#read(setOf(character), reader);
  }

  expression({ operator, variables }: Expression, reader: number): void {
    const before = this.accepts;
    const [{ name, explode } = { name: '', explode: false }] = variables;
    const several = variables.length > 1 || explode;
    const queried = operator.ifEmpty === '=' && !several;
    this.text(operator.first + (queried ? `${name}=` : ''), reader);
    const started = this.accepts;
    const delimiters = (operator.named && !queried ? '=' : '') + (several ? operator.separator : '');
    this.#repeat(operator.reserved ? PRINTABLE : union(VALUE, setOf(delimiters)), reader);
    // Where something stands before the value, the value may be empty, and all of it may be missing.
    if (operator.first === '') return;
    const named = operator.named && !queried;
    this.accepts = new Set([...this.accepts, ...(named ? [] : started), ...before]);
  }

  #repeat(characters: Characters, reader: number): void {
    const state = this.#read(characters, reader);
    this.next[state]?.add(state);
  }

  #read(characters: Characters, reader: number): number {
    const state = this.reads.push(characters) - 1;
    this.next.push(new Set());
    this.reader.push(reader);
    for (const from of this.accepts) this.next[from]?.add(state);
    this.accepts = new Set([state]);
    return state;
  }
}

function setOf(text: string): Characters {
  const words: [number, number, number, number] = [0, 0, 0, 0];
  for (const character of text) {
    const code = character.charCodeAt(0);
    words[code >> 5] = (words[code >> 5] ?? 0) | (1 << (code & 31));
  }
  return words;
}

function union([a, b, c, d]: Characters, [e, f, g, h]: Characters): Characters {
  return [a | e, b | f, c | g, d | h];
}

function without([a, b, c, d]: Characters, [e, f, g, h]: Characters): Characters {
  return [a & ~e, b & ~f, c & ~g, d & ~h];
}
