import {
  resourceNotFound,
  type CacheHints,
  type JsonObject,
  type ResourceTemplate,
} from '@trunkline/protocol';
import { completersOf, type Completer } from './completion.ts';
import type { Context } from './context.ts';
import { DefinitionError } from './definition-error.ts';
import { checkName, pick, type ResourceTemplateDetails } from './details.ts';
import { accessOf, type Access, type Offer } from './offer.ts';
import { resourceResult, type Address, type ResourceReturn } from './resource.ts';
import { isThenable } from './settle.ts';
import { parseTemplate } from './uri-template/syntax.ts';
import { parseUriTemplate } from './uri-template/uri-template.ts';
import type { VariablesOf } from './uri-template/variables.ts';

/** What is said of a family of resources. */
export interface ResourceTemplateOptions<Template extends string = string>
  extends ResourceTemplateDetails, Access {
  /** For how long what was read may be reused, and for whom: not at all unless given. */
  readonly caching?: CacheHints;
  /** Suggests values for variables. */
  readonly complete?: { readonly [Name in keyof VariablesOf<Template> & string]?: Completer };
  /**
   * Variables whose values are no parts of paths. The values of all others never lead out of a folder: an address with a
   * `..` segment, an absolute path or a zero character in one of them is none of this template's.
   */
  readonly anyValue?: readonly (keyof VariablesOf<Template> & string)[];
}

/**
 * Reads one resource of a family; `variables` are what the template says in the address that the client asked for. Returning
 * `undefined` says that there is no such resource.
 */
export type ResourceTemplateHandler<Template extends string, Values = undefined> = (
  variables: VariablesOf<Template>,
  context: Context<Values>,
  uri: string,
) => ResourceReturn | undefined | Promise<ResourceReturn | undefined>;

/** What may be changed of a resource template while it is offered. */
export const RESOURCE_TEMPLATE_DETAILS = [
  'title',
  'description',
  'icons',
  'mimeType',
  'annotations',
  '_meta',
] as const;

/** Checks and compiles what a template's author wrote; throws a `DefinitionError` if it cannot be offered. */
export function defineResourceTemplate(
  name: string,
  uriTemplate: string,
  options: ResourceTemplateOptions,
  handler: (variables: never, context: never, uri: string) => unknown,
): Offer<ResourceTemplate, Address> {
  checkName('resource template', name);
  checkTemplate(uriTemplate);
  const template = parseUriTemplate(uriTemplate);
  const free = new Set(options.anyValue);
  const subject = `resource template "${name}"`;
  const read = handler as (variables: JsonObject, context: Context<unknown>, uri: string) => unknown;
  return {
    listed: { name, uriTemplate, ...pick(options, RESOURCE_TEMPLATE_DETAILS) },
    ...accessOf(options),
    complete: completersOf(template.variables, options.complete, () => undefined, subject),
    match(uri) {
      const values = template.match(uri);
      return values && Object.entries(values).every(([key, value]) => free.has(key) || staysInside(value))
        ? values
        : undefined;
    },
    run(listed, { uri, values }, context) {
      const finish = (value: unknown): JsonObject => {
        if (value === undefined) throw resourceNotFound(uri);
        return { ...options.caching, ...resourceResult(value, listed, uri) };
      };
      const returned = read(values, context, uri);
      return isThenable(returned) ? returned.then(finish) : finish(returned);
    },
  };
}

/** Refuses a template that reads the same addresses as one that goes before it. */
export function assertReachable(uriTemplate: string, others: readonly string[]): void {
  const other = others.find((each) => each !== uriTemplate && shapeOf(each) === shapeOf(uriTemplate));
  if (other === undefined) return;
  throw new DefinitionError(
    'ambiguous-address',
    `${JSON.stringify(uriTemplate)} and ${JSON.stringify(other)} are templates of the same addresses`,
  );
}

/** A template without the names of its variables: two with the same shape read the same addresses. */
function shapeOf(uriTemplate: string): string {
  const shapes = parseTemplate(uriTemplate).map((part) => {
    if (typeof part === 'string') return part;
    const { symbol, operator, variables } = part;
    // Names that are written in the address tell templates apart.
    const names = variables.map(({ name, explode, prefix = '' }) =>
      [operator.named ? name : '', explode ? '*' : '', prefix].join(':'),
    );
    return { symbol, names };
  });
  return JSON.stringify(shapes);
}

/** Refuses what is no URI template, does not begin with a scheme, or can be read in two ways. */
export function checkTemplate(uriTemplate: string): void {
  if (typeof uriTemplate !== 'string' || !/^[a-z][\w+.-]*:/i.test(uriTemplate)) {
    const shown = JSON.stringify(uriTemplate)?.slice(0, 200);
    throw new DefinitionError('bad-address', `a resource template begins with a scheme, unlike ${shown}`);
  }
  parseUriTemplate(uriTemplate).match('');
}

function staysInside(value: string | string[]): boolean {
  return [value].flat().every((text) => {
    const absolute = /^(?:[/\\]|[a-z]:[/\\])/i.test(text);
    return !absolute && !text.includes('\0') && !text.split(/[/\\]/).includes('..');
  });
}
