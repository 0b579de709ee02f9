import { contains, type Automaton } from './automaton.ts';
import { percentEncoded, type Expression, type Part, type Variable } from './syntax.ts';

/** What a template's variables stand for in one URI: lists for exploded ones, nothing for those that are not there. */
export type ReadValues = { [name: string]: string | string[] };

/**
 * Reads the values back from a URI; `undefined` if the template cannot have been expanded to it. Takes time linear in its
 * length. An unambiguous automaton has one way to read it, which is found from its end.
 */
export function readUri(uri: string, parts: readonly Part[], automaton: Automaton): ReadValues | undefined {
  const text = normalized(uri);
  const [head] = parts;
  if (text === undefined || (typeof head === 'string' && !text.startsWith(head))) return undefined;
  const states = statesOf(text, automaton);
  if (!states) return undefined;
  const values: ReadValues = {};
  let end = text.length;
  while (end > 0) {
    const reader = automaton.reader[states[end - 1] ?? 0] ?? -1;
    let start = end;
    while (start > 0 && automaton.reader[states[start - 1] ?? 0] === reader) start -= 1;
    const part = parts[reader];
    if (typeof part === 'object' && !readExpression(part, text.slice(start, end), values)) return undefined;
    end = start;
  }
  for (const part of parts) if (typeof part === 'object') addEmptyLists(part, values);
  return values;
}

/** The URI in the characters that templates are expanded to. */
function normalized(uri: string): string | undefined {
  return /\p{Cs}/u.test(uri) ? undefined : uri.replaceAll(/[^\x21-\x7e]/gu, percentEncoded);
}

/** The state that reads each character; `undefined` if the text cannot be read to its end. */
function statesOf(text: string, { reads, next, accepts }: Automaton): number[] | undefined {
  const possible: number[][] = [[0]];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const reached = new Set<number>();
    for (const from of possible[at] ?? []) {
      for (const to of next[from] ?? []) {
        const set = reads[to];
        if (set && contains(set, code)) reached.add(to);
      }
    }
    if (reached.size === 0) return undefined;
    possible.push([...reached]);
  }
  let state = possible[text.length]?.find((last) => accepts.has(last));
  if (state === undefined) return undefined;
  const states: number[] = [];
  for (let at = text.length; at > 0 && state !== undefined; at -= 1) {
    const to: number = state;
    states.push(to);
    state = possible[at - 1]?.find((from) => next[from]?.has(to));
  }
  return states.toReversed();
}

function readExpression(expression: Expression, text: string, values: ReadValues): boolean {
  const { first, separator, named } = expression.operator;
  const [only] = expression.variables;
  const several = expression.variables.length > 1 || only?.explode === true;
  const body = text.slice(first.length);
  const items = several ? body.split(separator) : [body];
  return named ? readPairs(expression, items, values) : readItems(expression, items, values);
}

/** Values without names are those of the variables from the left. */
function readItems(
  { variables, operator }: Expression,
  items: readonly string[],
  values: ReadValues,
): boolean {
  const required = operator.first === '';
  if (required && (items.length < variables.length || items.includes(''))) return false;
  if (items.length > variables.length && variables.at(-1)?.explode !== true) return false;
  return items.every((item, index) => {
    const variable = variables[index] ?? variables.at(-1);
    return variable !== undefined && keep(variable, item, values);
  });
}

/** Values with names may come in any order. */
function readPairs(
  { variables, operator }: Expression,
  items: readonly string[],
  values: ReadValues,
): boolean {
  return items.every((item) => {
    const equals = item.indexOf('=');
    const name = equals < 0 ? item : item.slice(0, equals);
    const variable = variables.find((candidate) => candidate.name === name);
    if (!variable || (equals < 0 && operator.ifEmpty === '=')) return false;
    return keep(variable, equals < 0 ? '' : item.slice(equals + 1), values);
  });
}

function keep({ name, explode, prefix }: Variable, encoded: string, values: ReadValues): boolean {
  const value = decoded(encoded);
  if (value === undefined || (prefix !== undefined && Array.from(value).length > prefix)) return false;
  const known = Object.hasOwn(values, name) ? values[name] : undefined;
  if (explode) define(values, name, [...(Array.isArray(known) ? known : []), value]);
  else if (known === undefined) define(values, name, value);
  else return false;
  return true;
}

function addEmptyLists({ variables }: Expression, values: ReadValues): void {
  for (const { name, explode } of variables)
    if (explode && !Object.hasOwn(values, name)) define(values, name, []);
}

/** A variable may be called `__proto__`. */
function define(values: ReadValues, name: string, value: string | string[]): void {
  Object.defineProperty(values, name, { value, enumerable: true, configurable: true, writable: true });
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
