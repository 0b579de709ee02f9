import { DefinitionError } from '../definition-error.ts';

/** How an expression writes its values. RFC 6570, appendix A. */
export interface Operator {
  /** Written before the first value. */
  readonly first: string;
  /** Written between values. */
  readonly separator: string;
  /** Whether each value follows its name. */
  readonly named: boolean;
  /** What follows a name whose value is empty. */
  readonly ifEmpty: string;
  /** Whether characters with a meaning in URIs are written as they are. */
  readonly reserved: boolean;
}

/** One variable of an expression. */
export interface Variable {
  readonly name: string;
  /** Whether each item of a list is a value of its own. */
  readonly explode: boolean;
  /** How many characters of the value are written. */
  readonly prefix: number | undefined;
}

/** A part of a template in braces. */
export interface Expression {
  readonly source: string;
  readonly symbol: string;
  readonly operator: Operator;
  readonly variables: readonly Variable[];
}

/** A template in the order of its parts; texts are written as URIs need them. */
export type Part = string | Expression;

const MAX_TEMPLATE = 1000;

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ['', { first: '', separator: ',', named: false, ifEmpty: '', reserved: false }],
  ['+', { first: '', separator: ',', named: false, ifEmpty: '', reserved: true }],
  ['#', { first: '#', separator: ',', named: false, ifEmpty: '', reserved: true }],
  ['.', { first: '.', separator: '.', named: false, ifEmpty: '', reserved: false }],
  ['/', { first: '/', separator: '/', named: false, ifEmpty: '', reserved: false }],
  [';', { first: ';', separator: ';', named: true, ifEmpty: '', reserved: false }],
  ['?', { first: '?', separator: '&', named: true, ifEmpty: '=', reserved: false }],
  ['&', { first: '&', separator: '&', named: true, ifEmpty: '=', reserved: false }],
]);

/** Reads a template of at most 1,000 characters. Throws a `DefinitionError` that names what is wrong with it. */
export function parseTemplate(template: string): readonly Part[] {
  if (typeof template !== 'string' || template.length > MAX_TEMPLATE)
    throw new DefinitionError('bad-address', `a URI template has at most ${MAX_TEMPLATE} characters`);
  const parts: Part[] = [];
  for (let at = 0; at < template.length;) {
    const open = template.indexOf('{', at);
    const text = template.slice(at, open < 0 ? undefined : open);
    if (text !== '') parts.push(literal(text, template));
    if (open < 0) break;
    const close = template.indexOf('}', open);
    if (close < 0) throw bad(template, 'a brace is not closed');
    parts.push(expression(template.slice(open + 1, close), template));
    at = close + 1;
  }
  return parts;
}

/** A character as URIs write what they must not contain. */
export function percentEncoded(character: string): string {
  const encoded = encodeURIComponent(character);
  if (encoded !== character) return encoded;
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function literal(text: string, template: string): string {
  const stranger = /[\s"'<>\\^`|}\p{Cc}\p{Cs}]|%(?![\da-f]{2})/iu.exec(text);
  if (stranger) throw bad(template, `${JSON.stringify(stranger[0])} has no place in it`);
  return text.replaceAll(/[^\x21-\x7e]/gu, percentEncoded);
}

function expression(source: string, template: string): Expression {
  const symbol = /^[+#./;?&]/.exec(source)?.[0] ?? '';
  const operator = OPERATORS.get(symbol) as Operator;
  const variables = source
    .slice(symbol.length)
    .split(',')
    .map((text) => variable(text, template));
  return { source: `{${source}}`, symbol, operator, variables };
}

const VARIABLE =
  /^(?<name>(?:\w|%[\da-f]{2})+(?:\.(?:\w|%[\da-f]{2})+)*)(?:(?<explode>\*)|:(?<prefix>[1-9]\d{0,3}))?$/i;

function variable(text: string, template: string): Variable {
  const { name, explode, prefix } = VARIABLE.exec(text)?.groups ?? {};
  if (name === undefined) throw bad(template, `${JSON.stringify(text)} is no variable`);
  return { name, explode: explode !== undefined, prefix: prefix === undefined ? undefined : Number(prefix) };
}

function bad(template: string, why: string): DefinitionError {
  return new DefinitionError('bad-address', `the URI template ${JSON.stringify(template)}: ${why}`);
}
