import { DefinitionError } from '../definition-error.ts';
import { percentEncoded, type Expression, type Operator, type Part, type Variable } from './syntax.ts';

/** What a variable may stand for; `undefined`, `null` and what is empty but no text write nothing. */
export type TemplateValue =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly string[]
  | { readonly [name: string]: string };

/** The values of a template's variables by name. */
export type TemplateValues = { readonly [name: string]: TemplateValue };

/** The URI that a template makes of values, as RFC 6570 says. */
export function expandTemplate(parts: readonly Part[], values: TemplateValues): string {
  return parts.map((part) => (typeof part === 'string' ? part : expandExpression(part, values))).join('');
}

function expandExpression({ operator, variables }: Expression, values: TemplateValues): string {
  const written = variables.flatMap((variable) => {
    const value = Object.hasOwn(values, variable.name) ? values[variable.name] : undefined;
    if (value === undefined || value === null) return [];
    return typeof value === 'object'
      ? composite(variable, value, operator)
      : [single(variable, String(value), operator)];
  });
  return written.length > 0 ? operator.first + written.join(operator.separator) : '';
}

function single({ name, prefix }: Variable, value: string, operator: Operator): string {
  const shown = prefix === undefined ? value : Array.from(value).slice(0, prefix).join('');
  return withName(name, encode(shown, operator), operator);
}

function composite(
  { name, explode, prefix }: Variable,
  value: readonly string[] | { readonly [name: string]: string },
  operator: Operator,
): string[] {
  if (prefix !== undefined)
    throw new DefinitionError('bad-address', `{${name}:${prefix}} takes a part of a text, not of a list`);
  const list = isList(value);
  const items = list
    ? value.map((item) => [encode(item, operator)])
    : Object.entries(value).map(([key, item]) => [encode(key, operator), encode(item, operator)]);
  if (items.length === 0) return [];
  if (!explode) return [withName(name, items.flat().join(','), operator)];
  if (!list) return items.map(([key = '', item = '']) => withPair(key, item, operator));
  return items.map(([item = '']) => withName(name, item, operator));
}

function isList(value: object): value is readonly string[] {
  return Array.isArray(value);
}

function withName(name: string, text: string, operator: Operator): string {
  return operator.named ? withPair(name, text, operator) : text;
}

function withPair(key: string, text: string, { named, ifEmpty }: Operator): string {
  return named && text === '' ? key + ifEmpty : `${key}=${text}`;
}

function encode(text: string, { reserved }: Operator): string {
  // Half of a surrogate pair has no place in a URI.
  const whole = text.replaceAll(/\p{Cs}/gu, '\uFFFD');
  return reserved
    ? whole.replaceAll(/%[\da-f]{2}|[^\w.~:/?#[\]@!$&'()*+,;=-]/giu, (found) =>
        found.length === 3 && found.startsWith('%') ? found : percentEncoded(found),
      )
    : whole.replaceAll(/[^\w.~-]/gu, percentEncoded);
}
