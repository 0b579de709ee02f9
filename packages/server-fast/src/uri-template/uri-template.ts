import { DefinitionError } from '../definition-error.ts';
import { ambiguousExample } from './ambiguity.ts';
import { automatonOf } from './automaton.ts';
import { expandTemplate, type TemplateValues } from './expand.ts';
import { readUri, type ReadValues } from './read.ts';
import { parseTemplate, type Expression, type Part } from './syntax.ts';
import type { VariablesOf } from './variables.ts';

/** A URI template of RFC 6570, level 4. */
export interface UriTemplate<Template extends string = string> {
  readonly template: Template;
  /** The names of its variables, in order. */
  readonly variables: readonly string[];
  /** The URI that the template makes of values. */
  expand(values: TemplateValues): string;
  /**
   * The values that were expanded to a URI; `undefined` if there are none. Gives back what `expand` was given, but for values
   * that do not survive it: empty ones where nothing is written for them, and percent-encoded text after `+` and `#`. Throws a
   * `DefinitionError` for a template that a URI can be read by in two ways.
   */
  match(uri: string): VariablesOf<Template> | undefined;
}

/** Reads a URI template. Throws a `DefinitionError` if it is none. */
export function parseUriTemplate<const Template extends string>(template: Template): UriTemplate<Template> {
  const parts = parseTemplate(template);
  let read: ((uri: string) => ReadValues | undefined) | undefined;
  return {
    template,
    variables: expressionsIn(parts).flatMap(({ variables }) => variables.map(({ name }) => name)),
    expand: (values) => expandTemplate(parts, values),
    match: (uri) => (read ??= readerOf(template, parts))(uri) as VariablesOf<Template> | undefined,
  };
}

/** Reads URIs by a template. Throws a `DefinitionError` that shows a URI which could be read in two ways. */
function readerOf(template: string, parts: readonly Part[]): (uri: string) => ReadValues | undefined {
  assertReadable(template, expressionsIn(parts));
  const automaton = automatonOf(parts);
  const example = ambiguousExample(automaton);
  if (example !== undefined)
    throw ambiguous(
      template,
      `${JSON.stringify(example)} can be read in two ways; separate its variables by "/"`,
    );
  return (uri) => readUri(uri, parts, automaton);
}

function expressionsIn(parts: readonly Part[]): Expression[] {
  return parts.filter((part) => typeof part === 'object');
}

function assertReadable(template: string, expressions: readonly Expression[]): void {
  const seen = new Set<string>();
  for (const { source, symbol, operator, variables } of expressions) {
    for (const [index, { name, explode }] of variables.entries()) {
      if (seen.has(name)) throw ambiguous(template, `it has two variables ${JSON.stringify(name)}`);
      seen.add(name);
      if (explode && !operator.named && index < variables.length - 1)
        throw ambiguous(template, `in ${source} only the last variable can be a list`);
    }
    const several = variables.length > 1 || variables[0]?.explode === true;
    if (several && (operator.reserved || symbol === '.'))
      throw ambiguous(template, `the values of ${source} may contain what separates them`);
  }
}

function ambiguous(template: string, why: string): DefinitionError {
  return new DefinitionError('ambiguous-address', `the URI template ${JSON.stringify(template)}: ${why}`);
}
