/**
 * Changes what a mounted server offers: other names, fewer entries, arguments that are settled.
 */
import { findMirroredParams, isJsonObject, type JsonObject, type Tool } from '@trunkline/protocol';
import type { Mapping } from './catalogue.ts';
import { DefinitionError } from './definition-error.ts';
import type { Transform } from './mount.ts';
import type { Offer } from './offer.ts';

/** Something that is offered, as filters see it. */
export interface Filtered {
  readonly kind: keyof Transform;
  /** The name of a tool or a prompt, the address of a resource or a template. */
  readonly key: string;
  readonly tags: readonly string[];
}

/** Gives tools and prompts other names: `rename({ add: 'sum' })`. */
export function rename(names: Readonly<Record<string, string>>): Transform {
  const renamed = <Listed extends JsonObject & { name: string }>(
    offer: Offer<Listed, JsonObject>,
  ): typeof offer => {
    const { name } = offer.listed;
    const to = Object.hasOwn(names, name) ? names[name] : undefined;
    return to === undefined ? offer : { ...offer, listed: { ...offer.listed, name: to } };
  };
  return { tool: renamed, prompt: renamed };
}

/** Leaves out what has one of these names or addresses. */
export function hide(...keys: readonly string[]): Transform {
  const hidden = new Set(keys);
  return only(({ key }) => !hidden.has(key));
}

/** Leaves out what does not fulfil a condition. */
export function only(condition: (entry: Filtered) => boolean): Transform {
  const filter =
    <Listed>(kind: keyof Transform, keyOf: (listed: Listed) => string) =>
    <Input>(offer: Offer<Listed, Input>): Offer<Listed, Input> | undefined =>
      condition({ kind, key: keyOf(offer.listed), tags: offer.tags }) ? offer : undefined;
  return {
    tool: filter('tool', ({ name }) => name),
    prompt: filter('prompt', ({ name }) => name),
    resource: filter('resource', ({ uri }) => uri),
    resourceTemplate: filter('resourceTemplate', ({ uriTemplate }) => uriTemplate),
  };
}

/** Leaves out what has none of these tags. */
export function tagged(...tags: readonly string[]): Transform {
  return only((entry) => entry.tags.some((tag) => tags.includes(tag)));
}

/** Offers everything to those only whose token has all of these scopes. */
export function requireScopes(...scopes: readonly string[]): Transform {
  const guarded = <Listed, Input>(offer: Offer<Listed, Input>): Offer<Listed, Input> => ({
    ...offer,
    allow: (context) =>
      scopes.every((scope) => context.origin.auth?.scopes.includes(scope) === true) &&
      (offer.allow?.(context) ?? true),
  });
  return { tool: guarded, prompt: guarded, resource: guarded, resourceTemplate: guarded };
}

/** How arguments are settled. */
export interface DefaultArgumentsOptions {
  /** Takes the arguments out of what clients see and send. */
  readonly fixed?: boolean;
}

/** Settles arguments of one tool: clients may leave them out, or cannot give them at all. */
export function defaultArguments(
  tool: string,
  values: JsonObject,
  { fixed = false }: DefaultArgumentsOptions = {},
): Transform {
  const mapping: Mapping<Tool, JsonObject> = (offer) => {
    if (offer.listed.name !== tool) return offer;
    const inputSchema = settled(offer.listed, values, fixed);
    const mirrored = findMirroredParams(inputSchema);
    return {
      ...offer,
      listed: { ...offer.listed, inputSchema },
      mirrored: typeof mirrored === 'string' || mirrored.length === 0 ? undefined : mirrored,
      run: (listed, args, context) =>
        offer.run(listed, fixed ? { ...args, ...values } : { ...values, ...args }, context),
    };
  };
  return { tool: mapping };
}

function settled({ name, inputSchema }: Tool, values: JsonObject, fixed: boolean): Tool['inputSchema'] {
  const { properties, required, ...rest } = inputSchema as JsonObject;
  const known = isJsonObject(properties) ? properties : {};
  const stranger = Object.keys(values).find((argument) => !Object.hasOwn(known, argument));
  if (stranger !== undefined)
    throw new DefinitionError('unknown-name', `tool "${name}" has no argument ${JSON.stringify(stranger)}`);
  const kept = Object.entries(known).flatMap(([argument, schema]) => {
    if (!Object.hasOwn(values, argument) || !isJsonObject(schema)) return [[argument, schema] as const];
    return fixed ? [] : [[argument, { ...schema, default: values[argument] }] as const];
  });
  const needed = (Array.isArray(required) ? required : []).filter(
    (argument) => !Object.hasOwn(values, argument as string),
  );
  return {
    ...rest,
    type: 'object',
    properties: Object.fromEntries(kept),
    ...(needed.length > 0 && { required: needed }),
  };
}
