import {
  invalidParams,
  isJsonObject,
  type CompleteResult,
  type JsonObject,
  type JsonValue,
} from '@trunkline/protocol';
import type { CallContext, Context } from './context.ts';
import { DefinitionError } from './definition-error.ts';

/** What the user may be about to write, best first. Clients get a hundred at most. */
export type Suggestions =
  | readonly string[]
  | { readonly values: readonly string[]; readonly total?: number; readonly hasMore?: boolean };

/**
 * Suggests values for an argument: a list, of which those are suggested that begin with what was written, or a function of
 * what was written and of the arguments that are settled.
 */
export type Completer =
  | readonly string[]
  | ((
      value: string,
      settled: { readonly [name: string]: string },
      context: Context<unknown>,
    ) => Suggestions | Promise<Suggestions>);

/** Most values of one answer. https://modelcontextprotocol.io/specification/2026-07-28/server/utilities/completion */
const MAX_VALUES = 100;

/** Completers by argument; arguments without one have an entry too. */
export function completersOf(
  names: Iterable<string>,
  given: { readonly [name: string]: Completer | undefined } | undefined,
  known: (name: string) => Completer | undefined,
  subject: string,
): ReadonlyMap<string, Completer | undefined> {
  const completers = new Map<string, Completer | undefined>();
  for (const name of names) {
    const own = given && Object.hasOwn(given, name) ? given[name] : undefined;
    completers.set(name, own ?? known(name));
  }
  for (const name of Object.keys(given ?? {})) {
    if (!completers.has(name))
      throw new DefinitionError(
        'unknown-name',
        `${subject} has no argument ${JSON.stringify(name)} to complete`,
      );
  }
  return completers;
}

/** The suggestions that the values of an enumeration are. */
export function enumerated(schema: JsonValue | undefined): Completer | undefined {
  const values = isJsonObject(schema) ? schema['enum'] : undefined;
  if (!Array.isArray(values)) return undefined;
  const texts = values.filter((value) => typeof value === 'string');
  return texts.length > 0 ? texts : undefined;
}

/** Answers what the user may be about to write of one argument. */
export async function complete(
  completers: ReadonlyMap<string, Completer | undefined> | undefined,
  { argument, context: known }: JsonObject,
  context: CallContext,
): Promise<CompleteResult> {
  if (
    !isJsonObject(argument) ||
    typeof argument['name'] !== 'string' ||
    typeof argument['value'] !== 'string'
  )
    throw invalidParams('completion/complete: argument needs a name and a value');
  const { name, value } = argument as { name: string; value: string };
  if (!completers?.has(name))
    throw invalidParams(`completion/complete: there is no argument ${JSON.stringify(name.slice(0, 128))}`);
  const completer = completers.get(name);
  const settled = isJsonObject(known) && isJsonObject(known['arguments']) ? known['arguments'] : {};
  const found =
    typeof completer === 'function'
      ? await completer(value, settled as { readonly [name: string]: string }, context)
      : beginningWith(value, completer ?? []);
  return completionOf(found, name);
}

function beginningWith(value: string, values: readonly string[]): readonly string[] {
  const written = value.toLowerCase();
  return values.filter((each) => each.toLowerCase().startsWith(written));
}

function completionOf(found: Suggestions, name: string): CompleteResult {
  const listed = isList(found) ? { values: found } : found;
  if (!Array.isArray(listed?.values) || !listed.values.every((value) => typeof value === 'string'))
    throw new DefinitionError(
      'bad-result',
      `the suggestions for ${JSON.stringify(name)} are no list of texts`,
    );
  const { values, total = isList(found) ? values.length : undefined, hasMore } = listed;
  return {
    completion: {
      values: values.slice(0, MAX_VALUES),
      ...(total !== undefined && { total }),
      hasMore:
        hasMore === true || values.length > MAX_VALUES || (total !== undefined && total > values.length),
    },
  };
}

function isList(found: Suggestions): found is readonly string[] {
  return Array.isArray(found);
}
