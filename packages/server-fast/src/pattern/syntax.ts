/** A regular expression as far as backtracking depends on it. Captures, laziness and assertions make no difference to it. */
export type Node =
  | { readonly kind: 'atom'; readonly source: string }
  | { readonly kind: 'sequence' | 'choice'; readonly items: readonly Node[] }
  | { readonly kind: 'repeat'; readonly item: Node; readonly min: number; readonly max: number };

/** A parsed pattern: itself, and what stands in its lookarounds, which are matched on their own. */
export interface Syntax {
  readonly root: Node;
  readonly lookarounds: readonly Node[];
}

/** Parses the source of a regular expression that compiles. `undefined` if it refers back to a group. */
export function parsePattern(source: string): Syntax | undefined {
  const parser = new Parser(source);
  const root = parser.choice();
  return parser.refersBack ? undefined : { root, lookarounds: parser.lookarounds };
}

const NOTHING: Node = { kind: 'sequence', items: [] };

const ASSERTION = /\^|\$|\\[bB]/y;
const BACK_REFERENCE = /\\(?:[1-9]\d*|k<[^>]*>)/y;
const LOOKAROUND = /\(\?<?[=!]/y;
const GROUP = /\((?:\?(?:<[^>]*>|[a-z]*(?:-[a-z]*)?:))?/y;
const ATOM =
  /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|.)|\[(?:\\.|[^\]\\])*\]|[^]/suy;
const QUANTIFIER = /([*+?]|\{(\d+)(?:(,)(\d*))?\})\??/y;

/** Recursive descent; the source is known to be a regular expression, so whatever does not fit is a literal. */
class Parser {
  readonly lookarounds: Node[] = [];
  refersBack = false;
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  choice(): Node {
    const items = [this.#sequence()];
    while (this.#take(/\|/y)) items.push(this.#sequence());
    return items.length === 1 && items[0] ? items[0] : { kind: 'choice', items };
  }

  #sequence(): Node {
    const items: Node[] = [];
    while (this.#at < this.#source.length && !this.#sees(/[|)]/y)) items.push(this.#repeat(this.#term()));
    return { kind: 'sequence', items };
  }

  #term(): Node {
    if (this.#take(ASSERTION)) return NOTHING;
    if (this.#take(BACK_REFERENCE)) {
      this.refersBack = true;
      return NOTHING;
    }
    if (this.#take(LOOKAROUND)) {
      this.lookarounds.push(this.#group());
      return NOTHING;
    }
    if (this.#take(GROUP)) return this.#group();
    return { kind: 'atom', source: this.#take(ATOM)?.[0] ?? '' };
  }

  #group(): Node {
    const inner = this.choice();
    this.#take(/\)/y);
    return inner;
  }

  #repeat(item: Node): Node {
    const match = this.#take(QUANTIFIER);
    if (!match) return item;
    const [, sign, least, comma, most] = match;
    if (sign === '?') return { kind: 'repeat', item, min: 0, max: 1 };
    if (sign === '*' || sign === '+')
      return { kind: 'repeat', item, min: sign === '*' ? 0 : 1, max: Infinity };
    const min = Number(least);
    const unbounded = comma !== undefined && !most;
    return { kind: 'repeat', item, min, max: unbounded ? Infinity : Number(most || min) };
  }

  #sees(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#source);
  }

  #take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match) this.#at = pattern.lastIndex;
    return match ?? undefined;
  }
}
